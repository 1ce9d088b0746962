"""
Schemathesis reads the API's own description and tries to catch it at a lie: over HTTP, with all of its checks.

`FUZZ` are options of its command line; without any it is a short run that is the same every time.
"""

import os
import shlex
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from accounts import tokens
from accounts.models import User
from orders.models import Order
from tests.api.world import make_world
from tests.factories import make_product
from tests.web import ROOT

CONFIG = ROOT / "tests" / "fuzz" / "schemathesis.toml"
SHORT = "--max-examples=5 --seed=1 --generation-deterministic --phases="
# Every value at its limits takes most of the time: once for those who buy, once for those who may do all the rest.
PHASES = {
    "anonymous": "examples,fuzzing",
    "buyer": "examples,coverage,fuzzing,stateful",
    "seller": "examples,fuzzing,stateful",
    "admin": "examples,coverage,fuzzing,stateful",
}


@pytest.mark.parametrize("role", PHASES)
def test_the_api_does_as_it_says(role: str, server: str):
    world = make_world()
    plenty = make_product(stock=10**6)
    for order in Order.objects.all():
        Order.objects.filter(pk=order.pk).update(razorpay_order_id=f"order_{order.pk:014}")
    environment = {
        "FUZZ_URL": server,
        "FUZZ_TOKEN": _token(world.actors[role]),
        "FUZZ_PRODUCT": str(plenty.pk),
        "RAZORPAY_KEY_SECRET": settings.RAZORPAY_KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": settings.RAZORPAY_WEBHOOK_SECRET,
    }
    options = shlex.split(os.environ.get("FUZZ") or SHORT + PHASES[role])
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{server}/api/v1/schema"]
    run = subprocess.run([*command, *options], cwd=ROOT, env=os.environ | environment, check=False)
    assert run.returncode == 0


def _token(user: User | None) -> str:
    """That lives as long as a long run."""
    if user is None:
        return ""
    token = tokens.access_token_of(tokens.new_refresh_token(user))
    token.set_exp(lifetime=timedelta(days=1))
    return str(token)
