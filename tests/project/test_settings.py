"""With `DEBUG` off nothing is guessed: what is missing or no key is named, and the process does not start."""

import os
import subprocess
import sys

import pytest

from tests.web import ROOT


@pytest.mark.parametrize(
    ("key", "words"), [("", "DATA_KEY is not set"), ("not-a-key", "DATA_KEY or one of DATA_KEY_FALLBACKS is no key")]
)
def test_without_a_key_for_bank_accounts_nothing_starts(key, words):
    environment = {**os.environ, "DEBUG": "0", "DATA_KEY": key, "ENV_FILE": os.devnull}
    command = [sys.executable, "-c", "import pymart.settings"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode
    assert words in done.stderr
