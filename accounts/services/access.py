"""Who may open a seller's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.models import SellerProfile, SellerStatus
from accounts.selectors import seller_of

P = ParamSpec("P")


def seller_page(
    view: Callable[Concatenate[HttpRequest, SellerProfile, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """
    Decorator: only approved sellers see the page, which gets their shop; others are redirected to what they have to do
    next.
    """

    @login_required
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        seller = seller_of(request.user)  # type: ignore[arg-type]  # logged in
        if seller is None:
            return redirect("sell:landing")
        if seller.status != SellerStatus.APPROVED:
            return redirect("sell:status")
        return view(request, seller, *args, **kwargs)

    return page
