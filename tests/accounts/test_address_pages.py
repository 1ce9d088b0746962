import pytest
import time_machine
from django.test import Client

from accounts.models import Address
from accounts.services.addresses import MOST_ADDRESSES
from tests.factories import ADDRESS, make_address, make_user

pytestmark = pytest.mark.django_db

BOOK = "/account/addresses/"
NEW = "/account/addresses/new/"
HTMX = {"HX-Request": "true", "HX-Target": "address-list"}


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def errors(response):
    assert response.status_code == 422
    return response.context["form"].errors


def test_an_address_is_added_as_typed_and_tidied(client, user):
    response = client.post(NEW, {**ADDRESS, "phone": "098765 43210", "pincode": "560 025", "landmark": " Bus depot "})
    assert (response.status_code, response.url) == (302, BOOK)
    address = user.addresses.get()
    assert (address.phone, address.pincode, address.landmark) == ("+919876543210", "560025", "Bus depot")
    assert address.is_default


def test_a_new_address_starts_from_the_profile(client):
    client.force_login(make_user(full_name="Noor Khan", phone="+919822012345"))
    body = client.get(NEW).content.decode()
    assert 'value="Noor Khan"' in body
    assert 'value="98220 12345"' in body


def test_without_javascript_the_pin_code_fills_city_and_state(client, user):
    client.post(NEW, {**ADDRESS, "pincode": "400001", "city": "", "state": ""})
    address = user.addresses.get()
    assert (address.city, address.state) == ("Mumbai", "Maharashtra")


def test_a_state_that_contradicts_the_pin_code_is_asked_about_once(client, user):
    entry = {**ADDRESS, "pincode": "560001", "state": "Kerala", "city": "Kochi"}
    first = client.post(NEW, entry)
    assert set(errors(first)) == {"state"}
    assert "belongs to Karnataka" in errors(first)["state"][0]
    again = {**entry, "asked_about": first.context["form"]["asked_about"].value()}
    assert 'value="560001 Kerala"' in first.content.decode()
    assert client.post(NEW, again).status_code == 302
    assert user.addresses.get().state == "Kerala"


def test_another_contradiction_is_asked_about_again(client, user):
    entry = {**ADDRESS, "pincode": "560001", "state": "Goa", "asked_about": "560001 Kerala"}
    assert set(errors(client.post(NEW, entry))) == {"state"}


def test_an_unknown_pin_code_is_asked_about_once(client, user):
    entry = {**ADDRESS, "pincode": "999999"}
    assert set(errors(client.post(NEW, entry))) == {"pincode"}
    assert client.post(NEW, {**entry, "asked_about": "999999 Karnataka"}).status_code == 302


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ({"full_name": ""}, {"full_name"}),
        ({"phone": "12345"}, {"phone"}),
        ({"phone": ""}, {"phone"}),
        ({"pincode": "056001"}, {"pincode"}),
        ({"pincode": "", "city": "", "state": ""}, {"pincode"}),
        ({"pincode": "999999", "city": "", "state": ""}, {"city", "state"}),
        ({"line1": "x" * 201}, {"line1"}),
        ({"state": "Atlantis"}, {"state"}),
        ({"city": "Ben\x00galuru"}, {"city"}),
    ],
)
def test_a_wrong_field_is_answered_next_to_it_and_the_rest_is_kept(client, user, entry, fields):
    response = client.post(NEW, {**ADDRESS, "line2": "Ashok Nagar", **entry})
    assert set(errors(response)) == fields
    body = response.content.decode()
    assert all(f'id="id_{name}_error"' in body for name in fields)
    assert 'value="Ashok Nagar"' in body
    assert not user.addresses.exists()


def test_a_full_book_says_so(client, user):
    for number in range(MOST_ADDRESSES):
        make_address(user, line1=f"{number} MG Road")
    response = client.post(NEW, ADDRESS)
    assert "address book is full" in errors(response)["__all__"][0]


def test_an_address_is_changed(client, user):
    address = make_address(user, is_default=True)
    page = client.get(f"{BOOK}{address.pk}/").content.decode()
    assert 'value="14 Residency Road"' in page
    client.post(f"{BOOK}{address.pk}/", {**ADDRESS, "line1": "2 Church Street"})
    address.refresh_from_db()
    assert (address.line1, address.is_default) == ("2 Church Street", True)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_deleting_can_be_undone(client, user, headers):
    keep = make_address(user, line1="2 Church Street")
    gone = make_address(user, is_default=True)
    response = client.post(f"{BOOK}{gone.pk}/delete/", headers=headers, follow=True)
    assert "is deleted" in response.content.decode()
    assert list(user.addresses.values_list("pk", "is_default")) == [(keep.pk, True)]
    response = client.post(f"{BOOK}undo/", headers=headers, follow=True)
    assert "is deleted" not in response.content.decode()
    assert [(a.line1, a.is_default) for a in user.addresses.all()] == [
        (ADDRESS["line1"], True),
        ("2 Church Street", False),
    ]


def test_undoing_is_possible_for_five_minutes(client, user):
    address = make_address(user)
    with time_machine.travel("2026-11-22 10:00+05:30", tick=False) as clock:
        client.post(f"{BOOK}{address.pk}/delete/")
        clock.shift(301)
        assert "is deleted" not in client.get(BOOK).content.decode()
        client.post(f"{BOOK}undo/")
    assert not user.addresses.exists()


def test_undoing_nothing_does_nothing(client, user):
    assert client.post(f"{BOOK}undo/").status_code == 302
    assert not user.addresses.exists()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_another_address_becomes_the_default(client, user, headers):
    make_address(user, is_default=True)
    other = make_address(user)
    client.post(f"{BOOK}{other.pk}/default/", headers=headers)
    assert list(user.addresses.filter(is_default=True)) == [other]


def test_htmx_gets_the_list_alone(client, user):
    address = make_address(user)
    response = client.post(f"{BOOK}{address.pk}/delete/", headers=HTMX)
    body = response.content.decode()
    assert body.strip().startswith('<div class="stack" id="address-list"')
    assert "HX-Target" in response["Vary"]


@pytest.mark.parametrize("number", [1, 10])
def test_the_book_costs_the_same_however_long(client, user, django_assert_num_queries, number):
    for line in range(number):
        make_address(user, line1=f"{line} MG Road")
    client.get(BOOK)
    with django_assert_num_queries(3):  # the user, unread notifications, the addresses
        assert client.get(BOOK).content.decode().count("MG Road") == number


# --- The PIN code while typing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "city", "state"),
    [
        ({"pincode": "560001"}, "Bengaluru", "Karnataka"),
        ({"pincode": "560 001"}, "Bengaluru", "Karnataka"),
        ({"pincode": "110055"}, "Delhi", "Delhi"),
        ({"pincode": "560001", "city": "Whitefield", "state": "Karnataka"}, "Whitefield", "Karnataka"),
        ({"pincode": "110001", "city": "Bengaluru", "state": "Karnataka"}, "New Delhi", "Delhi"),
    ],
)
def test_a_pin_code_fills_city_and_state(client, typed, city, state):
    body = client.get("/account/pincode/", typed).content.decode()
    assert f'value="{city}"' in body
    assert f'<option value="{state}" selected>' in body


def test_a_pin_code_of_two_states_proposes_one_and_takes_either(client, user):
    body = client.get("/account/pincode/", {"pincode": "110025"}).content.decode()
    assert "Delhi or Uttar Pradesh" in body
    assert '<option value="Delhi" selected>' in body
    entry = {**ADDRESS, "pincode": "110025", "city": "Noida", "state": "Uttar Pradesh"}
    assert client.post(NEW, entry).status_code == 302


@pytest.mark.parametrize("pincode", ["", "56", "560", "999999", "abcdef", "560001\x00"])
def test_half_a_pin_code_says_nothing(client, pincode):
    assert client.get("/account/pincode/", {"pincode": pincode}).status_code == 204


# --- Whose it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["", "delete/", "default/"])
@pytest.mark.parametrize("pk", ["foreign", 10**18, 10**30])
def test_addresses_of_others_are_not_there(client, user, action, pk):
    foreign = make_address(make_user(), line1="9 Secret Street")
    path = f"{BOOK}{foreign.pk if pk == 'foreign' else pk}/{action}"
    responses = [client.post(path, ADDRESS)] + ([client.get(path)] if not action else [])
    assert {response.status_code for response in responses} == {404}
    foreign.refresh_from_db()
    assert (foreign.line1, foreign.is_default) == ("9 Secret Street", False)


def test_the_undo_of_one_person_is_not_another_s(client, user):
    client.post(f"{BOOK}{make_address(user).pk}/delete/")
    client.force_login(make_user())  # on the same device: the session starts anew
    client.post(f"{BOOK}undo/")
    assert not Address.objects.exists()


PRIVATE = ["/account/", CHANGE := "/account/password/", "/account/sessions/", "/account/data/", BOOK, NEW, f"{BOOK}1/"]
POSTS = ["/account/sessions/end/", f"{BOOK}undo/", f"{BOOK}1/delete/", f"{BOOK}1/default/"]


@pytest.mark.parametrize("path", PRIVATE + POSTS)
def test_strangers_are_sent_to_log_in(client, path):
    for response in (client.post(path), client.get(path)):
        assert (response.status_code, response.url) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("path", [*POSTS, "/account/logout/"])
def test_what_changes_something_is_posted(client, user, path):
    assert client.get(path).status_code == 405


@pytest.mark.parametrize(
    "path", [*PRIVATE, *POSTS, "/account/login/", "/account/logout/", "/account/register/", "/account/password/reset/"]
)
def test_every_form_is_protected_against_forged_requests(path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert client.post(path, ADDRESS).status_code == 403
