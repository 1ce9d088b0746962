"""Who may list and change what. Staff may for any shop, sellers for their own while it is open."""

from django.http import Http404

from accounts.models import Role, SellerProfile, User
from catalog.models import Product
from catalog.selectors import visible_products
from catalog.services import refuse_closed_shop
from pymart.common.errors import DomainError


class NoShop(DomainError):
    code = "no_shop"
    status = 403
    message = "You have no shop. Staff name the seller for whom they list a product."


class NotYourShop(DomainError):
    code = "not_your_shop"
    status = 403
    message = "This is not your shop."


class NotYourProduct(DomainError):
    code = "not_your_product"
    status = 403
    message = "This is not your product."


def shop_to_list_in(user: User, named: SellerProfile | None = None) -> SellerProfile:
    """
    The user's own shop, or the one that staff name.

    :raises NoShop, NotYourShop, ShopNotApproved, ShopSuspended:
    """
    if named and user.role == Role.ADMIN:
        return named
    shop = SellerProfile.objects.filter(user=user).first()
    if shop is None:
        raise NoShop
    if named not in (None, shop):
        raise NotYourShop
    refuse_closed_shop(shop.status)
    return shop


def product_to_change(user: User, pk: int) -> Product:
    """
    :raises Http404: when there is none that the user may see.
    :raises NotYourProduct: when seeing is all.
    :raises ShopNotApproved, ShopSuspended:
    """
    products = visible_products(user).select_related("seller").defer("search", "keywords")
    product = products.filter(pk=pk).first()
    if product is None:
        raise Http404
    if user.role != Role.ADMIN:
        if product.seller.user_id != user.pk:
            raise NotYourProduct
        refuse_closed_shop(product.seller.status)
    return product
