import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured


@pytest.fixture
def start():
    return apps.get_app_config("sandbox").ready


@pytest.mark.parametrize("debug", [True, False])
def test_live_keys_are_refused(settings, start, debug):
    settings.DEBUG, settings.RAZORPAY_SANDBOX = debug, True
    settings.RAZORPAY_KEY_ID = "rzp_live_AAAAAAAAAAAAAA"
    with pytest.raises(ImproperlyConfigured, match="live keys"):
        start()


def test_without_debug_it_must_be_asked_for(settings, start):
    settings.DEBUG, settings.RAZORPAY_SANDBOX = False, False
    with pytest.raises(ImproperlyConfigured, match="RAZORPAY_SANDBOX=1"):
        start()
    settings.RAZORPAY_SANDBOX = True
    start()


def test_with_debug_it_just_starts(settings, start):
    settings.DEBUG, settings.RAZORPAY_SANDBOX = True, False
    start()
