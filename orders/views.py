from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cart.services import CartFull, NotForSale, SoldOut, add_item
from orders import services
from orders.forms import CancelForm
from orders.models import Order
from orders.selectors import invoices_of, orders_of, timeline
from orders.states import OrderStatus
from pymart.common.errors import DomainError
from pymart.common.forms import posted
from pymart.common.htmx import page_or_fragment

PAGE_SIZE = 10


def _order(request: HttpRequest, number: str) -> Order:
    return get_object_or_404(orders_of(request.user), number=number)


@login_required
@never_cache
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    orders = orders_of(request.user)
    status = request.GET.get("status", "")
    if status in OrderStatus.values:
        orders = orders.filter(status=status)
    page = Paginator(orders, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "status": status, "statuses": OrderStatus.choices}
    return page_or_fragment(request, "orders/order_list.html", {"order-results"}, context)


@login_required
@never_cache
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The open page asks for its `order-status` fragment anew whenever a notification says that something changed."""
    order = _order(request, number)
    context = {
        "order": order,
        "timeline": timeline(order),
        "parts": [(part, timeline(part)) for part in order.seller_orders.all()],
        "payment": request.GET.get("payment", "") if order.is_payable else "",
    }
    return page_or_fragment(request, "orders/order_detail.html", {"order-status"}, context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """GET asks, POST does."""
    order = _order(request, number)
    form = CancelForm(posted(request))
    if form.is_valid():
        try:
            services.cancel_order(order=order, actor=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Order {order.number} is cancelled.")
        return redirect(order)
    if not order.is_cancellable:
        messages.error(request, "This order can no longer be cancelled.")
        return redirect(order)
    return render(request, "orders/order_cancel.html", {"order": order, "form": form})


@login_required
@require_POST
def buy_again(request: HttpRequest, number: str) -> HttpResponse:
    """The lines of an order, back into the cart as far as they are sold."""
    order = _order(request, number)
    missing = []
    for part in order.seller_orders.all():
        for item in part.items.all():
            try:
                add_item(str(request.user.pk), variant_id=item.variant_id, quantity=item.quantity)
            except (NotForSale, SoldOut):
                missing.append(item.title)
            except CartFull as refusal:
                messages.warning(request, str(refusal))
                return redirect("cart:show")
    if missing:
        messages.warning(request, f"Not sold at the moment: {', '.join(missing)}.")
    else:
        messages.success(request, f"What was in order {order.number} is in your cart.")
    return redirect("cart:show")


@login_required
@never_cache
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """A page to print. The tax invoice is the seller's and is made at dispatch."""
    order = _order(request, number)
    if not order.paid_at:
        return redirect(order)
    return render(request, "orders/receipt.html", {"order": order})


@login_required
@never_cache
@require_GET
def invoice(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The invoice that a seller made for their part, to print."""
    found = get_object_or_404(invoices_of(request.user), seller_order__order__number=number, pk=pk)
    return render(request, "orders/invoice.html", {"invoice": found, "order": found.seller_order.order})
