import pytest

from accounts import services
from accounts.models import Address
from accounts.services.addresses import MOST_ADDRESSES
from pymart.common.forms import PostalAddressForm
from tests.factories import ADDRESS, make_address, make_user

pytestmark = pytest.mark.django_db


def defaults(user):
    return list(user.addresses.filter(is_default=True))


def test_the_first_address_becomes_the_default():
    user = make_user()
    address = services.add_address(user=user, **ADDRESS)
    assert defaults(user) == [address]


def test_a_new_default_takes_over_from_the_old_one():
    user = make_user()
    services.add_address(user=user, **ADDRESS)
    new = services.add_address(user=user, is_default=True, **ADDRESS | {"line1": "2 Church Street"})
    assert defaults(user) == [new]


def test_an_ordinary_new_address_leaves_the_default_alone():
    user = make_user()
    first = services.add_address(user=user, **ADDRESS)
    services.add_address(user=user, **ADDRESS | {"line1": "2 Church Street"})
    assert defaults(user) == [first]


def test_unticking_the_default_keeps_it_for_a_book_has_one():
    user = make_user()
    address = services.add_address(user=user, **ADDRESS)
    services.edit_address(address=address, is_default=False, **ADDRESS | {"city": "Mysuru"})
    address.refresh_from_db()
    assert (address.city, address.is_default) == ("Mysuru", True)


def test_the_newest_address_inherits_from_a_deleted_default():
    user = make_user()
    first = make_address(user, is_default=True)
    make_address(user)
    newest = make_address(user)
    services.delete_address(address=first)
    assert defaults(user) == [newest]


def test_the_same_address_is_not_added_twice():
    user = make_user()
    first = services.add_address(user=user, **ADDRESS)
    assert services.add_address(user=user, **ADDRESS) == first
    assert user.addresses.count() == 1


def test_a_book_has_an_end():
    user = make_user()
    for number in range(MOST_ADDRESSES):
        make_address(user, line1=f"{number} MG Road")
    with pytest.raises(services.TooManyAddresses):
        services.add_address(user=user, **ADDRESS)
    assert user.addresses.count() == MOST_ADDRESSES


def test_books_of_others_are_left_alone():
    mine, theirs = make_user(), make_user()
    other = services.add_address(user=theirs, **ADDRESS)
    services.add_address(user=mine, is_default=True, **ADDRESS)
    other.refresh_from_db()
    assert other.is_default


@pytest.mark.parametrize("service", [services.edit_address, services.make_default, services.delete_address])
def test_what_was_deleted_meanwhile_stays_so(service):
    address = make_address(make_user())
    Address.objects.all().delete()
    with pytest.raises(services.AddressGone):
        service(address=address)
    assert not Address.objects.exists()


def test_the_form_takes_what_the_table_holds():
    for name in Address.FIELDS:
        field = PostalAddressForm.base_fields[name]
        if name not in ("phone", "pincode", "state"):  # cleaned into a fixed form, or chosen from a list
            assert field.max_length == Address._meta.get_field(name).max_length, name
    assert set(PostalAddressForm.ADDRESS) == set(Address.FIELDS)
