"""With `DEBUG` off and TLS at the proxy."""

import json
import os
import subprocess
import sys

import pytest

from tests.web import ROOT

ASK = """
import json, django
django.setup()
from django.test import Client
client = Client(headers={"Host": "shop.example"})
answers = {
    "page": client.get("/robots.txt"),
    "page over https": client.get("/robots.txt", headers={"X-Forwarded-Proto": "https"}),
    "probe": client.get("/live"),
}
print(json.dumps({name: answer.status_code for name, answer in answers.items()}))
"""


@pytest.mark.parametrize(("proxies", "status"), [("172.30.0.0/24", 200), ("", 301)])
def test_only_a_proxy_may_say_that_it_was_https_and_probes_need_none(proxies, status):
    environment = {**os.environ, "ENV_FILE": "deploy/build.env", "DEBUG": "0", "TRUSTED_PROXIES": proxies}
    environment |= {"DJANGO_SETTINGS_MODULE": "pymart.settings", "LOG_LEVEL": "CRITICAL"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"page": 301, "page over https": status, "probe": 200}
