"""Files on a real S3 server: who may read them, how they are cached, and what happens when the server does not."""

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from pymart.common.storage import StorageUnavailable
from tests.s3 import BUCKET, fetch, file_settings


@pytest.mark.parametrize(("ending", "kind"), [("webp", "image/webp"), ("avif", "image/avif")])
def test_a_picture_can_be_fetched_by_anybody_and_kept_for_good(s3, ending, kind):
    name = default_storage.save(f"products/one.{ending}", ContentFile(b"pixels"))

    answer = fetch(default_storage.url(name))
    assert answer.body == b"pixels"
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert default_storage.url(name) == f"{s3.url}/{BUCKET}/products/one.{ending}"


def test_what_is_private_needs_a_signed_address(s3):
    private = storages["private"]
    name = private.save("imports/prices.csv", ContentFile(b"sku,price"))

    assert s3.names() == ["private/imports/prices.csv"]
    assert fetch(f"{s3.url}/{BUCKET}/private/imports/prices.csv").status == 403
    assert fetch(f"{s3.url}/{BUCKET}?list-type=2").status == 403
    signed = private.url(name)
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in signed
    answer = fetch(signed)
    assert answer.body == b"sku,price"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert fetch(signed.replace("prices", "others")).status == 403
    with private.open(name) as file:
        assert file.read() == b"sku,price"


def test_nobody_else_writes_or_deletes(s3):
    name = default_storage.save("products/one.webp", ContentFile(b"pixels"))

    for method in ("PUT", "DELETE"):
        assert fetch(default_storage.url(name), method, b"other").status == 403
    assert s3.names() == [name]


def test_files_are_listed_by_name_in_pages_and_deleted_together(s3, monkeypatch):
    names = [f"products/{number:04}.webp" for number in range(25)]
    for name in names:
        default_storage.save(name, ContentFile(b"x"))
    default_storage.save("products-else/0.webp", ContentFile(b"x"))
    monkeypatch.setattr("pymart.common.s3.AT_ONCE", 10)

    assert [file.name for file in default_storage.files_in("products")] == names
    assert [file.name for file in default_storage.files_in("products", after=names[20])] == names[21:]
    default_storage.delete_all([*names, "products/never.webp"])
    assert s3.names() == ["products-else/0.webp"]


def test_a_dead_server_is_noticed_at_once(s3):
    s3.kill()

    started = time.monotonic()
    for attempt in (
        lambda: default_storage.save("products/one.webp", ContentFile(b"x")),
        lambda: default_storage.delete("products/one.webp"),
        lambda: default_storage.delete_all(["products/one.webp"]),
        lambda: default_storage.exists("products/one.webp"),
        lambda: default_storage.open("products/one.webp"),
        lambda: list(default_storage.files_in("products")),
    ):
        with pytest.raises(StorageUnavailable, match="try again in a minute"):
            attempt()
    assert time.monotonic() - started < 20


def test_a_silent_server_is_waited_for_so_long_and_no_longer(s3, monkeypatch):
    monkeypatch.setattr("pymart.common.s3.ANSWER_SECONDS", 1)
    s3.pause()
    try:
        started = time.monotonic()
        with pytest.raises(StorageUnavailable):
            storages["default"].save("products/one.webp", ContentFile(b"x"))
        assert 1 < time.monotonic() - started < 6  # two attempts, and a pause between them
    finally:
        s3.go_on()


def test_amazon_is_addressed_by_the_name_of_the_bucket_and_a_cdn_by_its_own():
    amazon = {"USE_LOCAL_STORAGE": "0", "AWS_STORAGE_BUCKET_NAME": "shop", "AWS_S3_ENDPOINT_URL": ""}

    found = file_settings(**amazon)
    options = found["STORAGES"]["default"]["OPTIONS"]
    assert (options["region_name"], options["addressing_style"], options["signature_version"]) == (
        "ap-south-1", "virtual", "s3v4",
    )  # fmt: skip
    assert options["custom_domain"] == "shop.s3.ap-south-1.amazonaws.com"
    assert found["MEDIA_ORIGINS"] == ["https://shop.s3.ap-south-1.amazonaws.com"]
    assert found["STORAGES"]["private"]["OPTIONS"]["custom_domain"] is None

    found = file_settings(**amazon, AWS_S3_CUSTOM_DOMAIN="pictures.shop.example", AWS_S3_REGION_NAME="eu-west-1")
    assert found["STORAGES"]["default"]["OPTIONS"]["custom_domain"] == "pictures.shop.example"
    assert found["MEDIA_ORIGINS"] == ["https://pictures.shop.example"]


def test_on_one_machine_private_files_lie_apart_from_the_published_ones(tmp_path):
    found = file_settings(USE_LOCAL_STORAGE="1", LOCAL_DIR=str(tmp_path))

    assert found["STORAGES"]["private"]["OPTIONS"]["location"] == str(tmp_path / "private")
    assert found["MEDIA_ROOT"] == str(tmp_path / "media")
    assert found["MEDIA_ORIGINS"] == []
