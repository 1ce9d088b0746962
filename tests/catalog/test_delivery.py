from datetime import date

import pytest
import time_machine

from catalog import delivery
from catalog.delivery import delivery_estimate
from pymart.common.india import Place


def test_within_a_state_it_is_quicker_than_between_states():
    near, far = delivery_estimate("Karnataka", "560001"), delivery_estimate("Rajasthan", "560001")

    assert (near.days, far.days) == ((2, 4), (3, 7))
    assert near.place_name == "Bengaluru, Karnataka"


def test_a_pincode_nobody_knows_has_no_estimate():
    assert delivery_estimate("Karnataka", "999999") is None


def test_a_pincode_of_two_states_gets_the_wider_range(monkeypatch):
    monkeypatch.setattr(delivery, "lookup_pincode", lambda _: Place(("Bellary",), ("Karnataka", "Andhra Pradesh")))

    assert delivery_estimate("Karnataka", "583101").days == (2, 7)


@pytest.mark.parametrize("now", ["2026-11-22 18:29 +0000", "2026-11-21 18:31 +0000"])
def test_days_are_counted_in_india(now):
    with time_machine.travel(now, tick=False):
        estimate = delivery_estimate("Karnataka", "560001")

        assert (estimate.earliest, estimate.latest) == (date(2026, 11, 24), date(2026, 11, 26))
