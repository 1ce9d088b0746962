"""The pictures in the form of a product: each change is saved at once, for its own seller only."""

import pytest
from django.urls import reverse

from catalog import services
from catalog.models import ProductImage
from pymart.common.storage import StorageUnavailable
from tests.factories import make_image, make_product, make_seller, picture_file

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def product(client):
    seller = make_seller()
    client.force_login(seller.user)
    return make_product(seller=seller)


def address(name, product, *more) -> str:
    return reverse(f"seller-products:{name}", args=[product.pk, *more])


def edit(product) -> str:
    return address("edit", product) + "#product-images"


def said(client, product) -> str:
    return client.get(address("edit", product)).content.decode()


def ids(product) -> list[int]:
    return list(product.images.values_list("pk", flat=True))


def test_files_are_added_and_the_bad_one_is_named(client, product):
    files = [picture_file(), picture_file((100, 100)), picture_file()]
    files[1].name = "tiny.jpg"
    response = client.post(address("images", product), {"images": files})

    assert response.url == edit(product)
    assert product.images.count() == 2
    page = said(client, product)
    assert "tiny.jpg: This picture is too small" in page
    assert "2 pictures added." in page


def test_a_sixth_is_refused_by_name(client, product):
    for _ in range(4):
        make_image(product)
    response = client.post(address("images", product), {"images": [picture_file(), picture_file()]}, headers=HTMX)

    assert response.status_code == 422
    assert b"photo.jpeg: A product has at most 5 pictures. Remove one first." in response.content
    assert product.images.count() == 5


@pytest.mark.parametrize("files", [{}, {"images": [picture_file() for _ in range(6)]}], ids=["none", "six"])
def test_none_or_too_many_files_are_refused(client, product, files):
    response = client.post(address("images", product), files, headers=HTMX)

    assert response.status_code == 422
    assert b"data-problem" in response.content
    assert not product.images.exists()


def test_the_order_can_be_changed_and_is_refused_when_it_is_not_of_these(client, product):
    first, second, third = (make_image(product).pk for _ in range(3))
    page = client.get(address("edit", product)).context["pictures"]
    assert [(each.earlier, each.later) for each in page] == [
        ("", f"{second},{first},{third}"),
        (f"{second},{first},{third}", f"{first},{third},{second}"),
        (f"{first},{third},{second}", ""),
    ]

    order = f"{second},{first},{third}"
    response = client.post(address("images-order", product), {"order": order, "moved": second}, headers=HTMX)
    assert b'data-said="Now picture 1 of 3."' in response.content
    assert ids(product) == [second, first, third]
    foreign = make_image(make_product()).pk
    for bad in ("", "x", f"{first},{second}", f"{first},{second},{foreign}", f"{first},{first},{second},{third},0"):
        response = client.post(address("images-order", product), {"order": bad}, headers=HTMX)
        assert (response.status_code, b"changed meanwhile" in response.content) == (422, True), bad
    assert ids(product) == [second, first, third]


def test_a_text_is_saved_and_one_that_is_too_long_is_not(client, product):
    image = make_image(product)
    assert client.post(address("image-alt", product, image.pk), {"alt": " Front "}).url == edit(product)
    assert product.images.get().alt == "Front"
    response = client.post(address("image-alt", product, image.pk), {"alt": "x" * 161}, headers=HTMX)
    assert response.status_code == 422
    assert product.images.get().alt == "Front"


def test_a_text_for_a_picture_that_was_just_removed_is_refused(product):
    image = make_image(product)
    ProductImage.objects.filter(pk=image.pk).delete()
    with pytest.raises(services.ImagesChanged):
        services.describe_image(image=image, alt="Front", actor=product.seller.user)


def test_a_picture_is_removed(client, product):
    kept, gone = make_image(product), make_image(product)
    client.post(address("image-remove", product, gone.pk))
    assert ids(product) == [kept.pk]
    assert "Picture removed." in said(client, product)


def test_nobody_touches_the_pictures_of_others(client, product):
    theirs = make_product()
    image, mine = make_image(theirs), make_image(product)
    attempts = [
        (address("images", theirs), {"images": picture_file()}),
        (address("images-order", theirs), {"order": str(image.pk)}),
        (address("image-alt", theirs, image.pk), {"alt": "Mine"}),
        (address("image-remove", theirs, image.pk), {}),
        (address("image-alt", product, image.pk), {"alt": "Mine"}),
        (address("image-remove", product, image.pk), {}),
        (address("image-remove", theirs, mine.pk), {}),
    ]
    for url, fields in attempts:
        assert client.post(url, fields).status_code == 404, url
        assert client.get(url).status_code == 405, url
    assert ids(theirs) == [image.pk]
    assert theirs.images.get().alt == image.alt
    assert ids(product) == [mine.pk]


def test_a_store_that_does_not_answer_is_told_once_for_all_that_were_left(client, product, monkeypatch):
    def fail(picture):
        raise StorageUnavailable

    monkeypatch.setattr("catalog.images.save", fail)
    response = client.post(address("images", product), {"images": [picture_file(), picture_file()]}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.count(b"cannot be stored at the moment") == 2
    assert not product.images.exists()
