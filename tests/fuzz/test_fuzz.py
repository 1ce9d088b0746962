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

from accounts import tokens
from accounts.models import User
from tests.api.world import make_world
from tests.web import ROOT

CONFIG = ROOT / "tests" / "fuzz" / "schemathesis.toml"
SHORT = "--max-examples=5 --seed=1 --generation-deterministic"


@pytest.mark.parametrize("role", ["anonymous", "buyer", "seller", "admin"])
def test_the_api_does_as_it_says(role: str, server: str):
    world = make_world()
    options = shlex.split(os.environ.get("FUZZ", "") or SHORT)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{server}/api/v1/schema"]
    environment = os.environ | {"FUZZ_TOKEN": _token(world.actors[role])}
    run = subprocess.run([*command, *options], cwd=ROOT, env=environment, check=False)
    assert run.returncode == 0


def _token(user: User | None) -> str:
    """That lives as long as a long run."""
    if user is None:
        return ""
    token = tokens.access_token_of(tokens.new_refresh_token(user))
    token.set_exp(lifetime=timedelta(days=1))
    return str(token)
