"""
The groups that staff work in. `migrate` makes those that are missing, after the permissions that they need; what an
admin changes in a group afterwards stays.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

GROUPS: dict[str, dict[str, str]] = {
    # Helps buyers and sellers: their accounts, orders, mails, and what is said in public.
    "support": {
        "accounts.user": "view change",
        "accounts.address": "view",
        "accounts.notification": "view",
        "accounts.outboundemail": "view change",
        "accounts.sellerprofile": "view",
        "catalog.category": "view",
        "catalog.product": "view",
        "catalog.variant": "view",
        "catalog.productimage": "view",
        "orders.order": "view change",
        "orders.sellerorder": "view change",
        "orders.orderitem": "view",
        "payments.payment": "view",
        "payments.refund": "view",
        "reviews.review": "view change",
    },
    # Keeps the shop clean: who sells, what is sold, and under which names.
    "catalogue": {
        "accounts.sellerprofile": "view change",
        "catalog.category": "view add change delete",
        "catalog.searchsynonym": "view add change delete",
        "catalog.searchlog": "view",
        "catalog.product": "view change",
        "catalog.variant": "view",
        "catalog.productimage": "view change delete",
        "reviews.review": "view change",
    },
    # Sees that the money is where it belongs.
    "finance": {
        "accounts.sellerprofile": "view",
        "accounts.sellerbankaccount": "view",
        "orders.order": "view",
        "orders.sellerorder": "view",
        "orders.orderitem": "view",
        "payments.payment": "view",
        "payments.refund": "view change",
        "payments.webhookevent": "view change",
    },
}


def make_missing_groups(using: str = "default", **kwargs: Any) -> None:
    known = set(Group.objects.using(using).filter(name__in=GROUPS).values_list("name", flat=True))
    missing = {name: models for name, models in GROUPS.items() if name not in known}
    for label in {model.partition(".")[0] for models in missing.values() for model in models}:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for name, models in missing.items():
        group = Group.objects.using(using).create(name=name)
        group.permissions.set(
            [permission for model, verbs in models.items() for permission in _of(model, verbs, using)]
        )


def _of(model: str, verbs: str, using: str) -> list[Permission]:
    label, _, name = model.partition(".")
    codenames = [f"{verb}_{name}" for verb in verbs.split()]
    found = list(Permission.objects.using(using).filter(content_type__app_label=label, codename__in=codenames))
    if len(found) != len(codenames):
        raise LookupError(f"Not all of {codenames} are permissions of {label}")
    return found
