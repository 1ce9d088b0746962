from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.selectors import cards_by_id, home_rails
from catalog.views import recent
from catalog.views.structured import site_data
from pymart.common.htmx import HtmxRequest


@require_safe
def home(request: HtmxRequest) -> HttpResponse:
    context = {
        "rails": home_rails(),
        "recent": cards_by_id(recent.product_ids(request)),
        "structured": site_data(),
    }
    return render(request, "catalog/home.html", context)
