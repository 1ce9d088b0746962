"""Pictures of products on a real S3 server: all of a picture is there, or none of it."""

import time
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from accounts.services import update_profile
from catalog import services
from catalog.models import Product, ProductImage
from catalog.tasks import delete_orphaned_pictures
from pymart.common import orphans
from pymart.common.s3 import S3Storage
from pymart.common.storage import StorageUnavailable
from tests.api.conftest import as_user
from tests.factories import make_category, make_product, make_seller, make_user, picture_file
from tests.s3 import fetch

pytestmark = pytest.mark.django_db


def test_a_picture_is_there_in_every_size_and_gone_with_its_row(s3, django_capture_on_commit_callbacks):
    product = make_product()
    image = services.add_image(product=product, file=picture_file((2000, 1500)))

    addresses = [part.split()[0] for part in f"{image.srcset}, {image.avif_srcset}".split(", ")]
    assert len(addresses) == len(s3.names()) == 6
    for address in addresses:
        answer = fetch(address)
        assert answer.headers["Content-Type"] == f"image/{address.rpartition('.')[2]}"
        assert "immutable" in answer.headers["Cache-Control"]
        assert Image.open(BytesIO(answer.body)).width <= 1200
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_image(image=image)
    assert s3.names() == []


def test_the_product_page_shows_it_from_there(s3, client):
    product = make_product()
    services.add_image(product=product, file=picture_file((1300, 1300)), alt="Front")

    html = client.get(product.get_absolute_url()).content.decode()
    assert f'<source type="image/avif" srcset="{s3.url}/' in html
    assert f'<img src="{s3.url}/' in html


def test_a_transaction_that_is_rolled_back_leaves_no_objects(s3, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(ProductImage, "save", fail)
    with pytest.raises(RuntimeError):
        services.add_image(product=make_product(), file=picture_file())
    assert s3.names() == []


def after_two_files(monkeypatch, act) -> None:
    """Have something happen to the store when it has two files of a picture."""
    save, names = S3Storage._save, []

    def counting(self, name, content):
        names.append(name)
        if len(names) == 3:
            act()
        return save(self, name, content)

    monkeypatch.setattr(S3Storage, "_save", counting)


def refuse() -> None:
    raise StorageUnavailable


def test_a_server_that_dies_between_two_sizes_leaves_no_row_and_a_clear_sentence(s3, monkeypatch):
    product = make_product()
    after_two_files(monkeypatch, s3.kill)

    started = time.monotonic()
    with pytest.raises(StorageUnavailable, match="Please try again in a minute"):
        services.add_image(product=product, file=picture_file())
    assert time.monotonic() - started < 15
    assert not product.images.exists()


def test_a_server_that_falls_silent_between_two_sizes_is_swept_up_later(s3, monkeypatch, settings):
    product = make_product()
    monkeypatch.setattr("pymart.common.s3.ANSWER_SECONDS", 1)
    settings.STORAGES = {**settings.STORAGES}  # made anew, with less patience
    after_two_files(monkeypatch, s3.pause)

    started = time.monotonic()
    with pytest.raises(StorageUnavailable):
        services.add_image(product=product, file=picture_file())
    s3.go_on()
    assert time.monotonic() - started < 12
    assert not product.images.exists()
    assert s3.names()

    assert delete_orphaned_pictures() == 0  # somebody may still be at it
    monkeypatch.setattr(orphans, "AGE", timedelta(seconds=-5))
    assert delete_orphaned_pictures() > 0
    assert s3.names() == []


def test_a_server_that_refuses_one_file_keeps_none(s3, monkeypatch):
    product = make_product()
    after_two_files(monkeypatch, refuse)

    with pytest.raises(StorageUnavailable):
        services.add_image(product=product, file=picture_file())
    assert s3.names() == []


def test_who_uploads_while_it_is_down_is_told_so_and_nothing_is_listed(s3):
    shop, category = make_seller(), make_category("Lamps")
    s3.kill()

    body = {"title": "Lamp", "description": "Of brass.", "category": category.slug, "price": "99.00", "stock": 1}
    body["images"] = [picture_file()]
    response = as_user(shop.user).post("/api/v1/products", body, format="multipart")

    assert response.status_code == 503
    assert [error["code"] for error in response.json()["errors"]] == ["storage_unavailable"]
    assert not Product.objects.exists()


def test_an_avatar_is_kept_there_too(s3):
    user = update_profile(user=make_user(), avatar=picture_file())

    assert fetch(user.avatar.url).headers["Content-Type"] == "image/webp"
