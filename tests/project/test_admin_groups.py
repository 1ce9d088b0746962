"""What each group of staff sees in the admin, and what it is refused."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import SellerBankAccount
from pymart.staff.groups import GROUPS, make_missing_groups
from tests.factories import make_product, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db

LISTS = {
    "accounts/user": {"support"},
    "accounts/sellerprofile": {"support", "catalogue", "finance"},
    "accounts/outboundemail": {"support"},
    "auth/group": set(),
    "catalog/category": {"support", "catalogue"},
    "catalog/product": {"support", "catalogue"},
    "catalog/searchlog": {"catalogue"},
    "catalog/searchsynonym": {"catalogue"},
    "common/auditentry": set(),
    "orders/order": {"support", "finance"},
    "orders/sellerorder": {"support", "finance"},
    "payments/payment": {"support", "finance"},
    "payments/refund": {"support", "finance"},
    "payments/webhookevent": {"finance"},
    "reviews/review": {"support", "catalogue"},
}
ACTIONS = {
    ("accounts/user", "close"): {"support"},
    ("accounts/user", "forget_second_factor"): set(),
    ("accounts/sellerprofile", "approve"): {"catalogue"},
    ("accounts/sellerprofile", "suspend"): {"catalogue"},
    ("catalog/product", "archive"): {"catalogue"},
    ("orders/order", "cancel"): {"support"},
    ("orders/sellerorder", "move_on"): {"support"},
    ("payments/refund", "refund_again"): {"finance"},
    ("payments/refund", "mark_paid_back"): {"finance"},
    ("payments/webhookevent", "process_again"): {"finance"},
    ("accounts/outboundemail", "send_again"): {"support"},
    ("reviews/review", "remove"): {"support", "catalogue"},
}


def member(group: str) -> Client:
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_sees_its_lists_and_is_refused_the_others(group):
    client = member(group)
    statuses = {path: client.get(f"/admin/{path}/").status_code for path in LISTS}
    assert statuses == {path: 200 if group in allowed else 403 for path, allowed in LISTS.items()}


def test_the_table_above_has_every_list():
    from django.contrib import admin

    assert set(LISTS) == {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry}


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_is_offered_its_actions_and_refused_the_others(group):
    client = member(group)
    seller = make_seller()
    make_product(seller=seller)
    for (path, action), allowed in ACTIONS.items():
        page = client.get(f"/admin/{path}/")
        offered = [] if page.status_code == 403 else dict(page.context["cl"].model_admin.get_actions(page.wsgi_request))
        assert (action in offered) is (group in allowed), (path, action)
    posted = {"action": "suspend", "_selected_action": [seller.pk], "confirmed": "1", "reason": "x"}
    client.post("/admin/accounts/sellerprofile/", posted)
    seller.refresh_from_db()
    assert seller.status == ("suspended" if group == "catalogue" else "approved")


@pytest.mark.parametrize("group", GROUPS)
def test_nobody_but_admins_adds_accounts_changes_groups_or_reads_the_log(group):
    client = member(group)
    for path in ("accounts/user/add", "auth/group/add", "common/auditentry", "catalog/product/add"):
        assert client.get(f"/admin/{path}/").status_code == 403, path


def test_only_the_catalogue_changes_categories():
    for group in GROUPS:
        status = member(group).post("/admin/catalog/category/add/", {"name": group, "slug": group, "position": 0})
        assert status.status_code == (302 if group == "catalogue" else 403)


def test_an_order_s_page_shows_each_group_what_is_its_business():
    order = place(make_user(), make_variant())
    titles = {}
    for group in ("support", "finance"):
        page = member(group).get(f"/admin/orders/order/{order.pk}/change/")
        titles[group] = {panel.title for panel in page.context["panels"]}
    common = {"Lines", "Parts", "Invoices", "Payments", "Refunds", "What happened"}
    assert titles == {"support": {*common, "E-mails", "Notifications"}, "finance": common}


def test_only_finance_sees_where_a_shop_s_money_goes():
    seller = make_seller()
    SellerBankAccount.objects.create(seller=seller, holder="A", ifsc="HDFC0000123", number="123454321", last4="4321")
    for group in GROUPS:
        html = member(group).get(f"/admin/accounts/sellerprofile/{seller.pk}/change/").content.decode()
        assert ("•••• 4321" in html) is (group == "finance")


def test_migrating_again_leaves_a_group_as_an_admin_changed_it_and_makes_what_is_missing():
    group = Group.objects.get(name="support")
    group.permissions.clear()
    Group.objects.get(name="finance").delete()
    make_missing_groups()
    assert not group.permissions.exists()
    assert Group.objects.get(name="finance").permissions.filter(codename="change_refund").exists()


def test_no_group_may_more_than_the_models_that_there_are():
    for models in GROUPS.values():
        for label in models:
            assert apps.get_model(label) is not None
