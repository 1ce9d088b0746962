import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from catalog import images, services
from catalog.models import ProductImage
from pymart.common.images import BadImage
from tests.factories import make_image, make_product, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo() -> SimpleUploadedFile:
    """Of something: what is all one colour weighs more as AVIF."""
    noise = Image.effect_noise((300, 150), 60).convert("RGB").resize((3000, 1500))
    buffer = io.BytesIO()
    noise.save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")


def files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def test_a_picture_is_kept_as_webp_and_avif_in_three_sizes(media):
    image = services.add_image(product=make_product(), file=photo(), alt="Front")

    found = set()
    for path in files(media):
        with Image.open(path) as picture:
            found.add((picture.format, picture.size, path.name.rpartition("-")[2]))
    assert found == {
        (kind.upper(), (side, side // 2), f"{side}.{kind}") for kind in ("webp", "avif") for side in (320, 640, 1200)
    }
    assert (image.width, image.height, image.alt, image.position) == (1200, 600, "Front", 0)
    assert image.image.name.endswith("-1200.webp")


def test_avif_is_kept_only_where_it_is_smaller(media, monkeypatch):
    monkeypatch.setitem(images._OPTIONS["avif"], "quality", 100)
    image = services.add_image(product=make_product(), file=photo())

    assert not image.has_avif
    assert {path.suffix for path in files(media)} == {".webp"}


def test_pages_offer_avif_before_webp_where_there_is_any(client):
    product = make_product()
    with_both, old = make_image(product, has_avif=True), make_image(product)

    html = client.get(product.get_absolute_url()).content.decode()
    assert html.count('<source type="image/avif"') == 1
    assert with_both.url(640, "avif") in html
    assert old.url(640, "avif") not in html
    for image in (with_both, old):
        assert f'<img src="{image.src}" srcset="{image.srcset}"' in html


def test_srcset_names_each_file_with_its_true_width():
    upright = ProductImage(width=800, height=1200)
    upright.image.name = "products/x-1200.webp"
    small = ProductImage(width=500, height=500)
    small.image.name = "products/y-1200.webp"

    assert upright.srcset == (
        "/media/products/x-320.webp 213w, /media/products/x-640.webp 427w, /media/products/x-1200.webp 800w"
    )
    assert small.srcset == "/media/products/y-320.webp 320w, /media/products/y-640.webp 500w"
    assert upright.src == "/media/products/x-640.webp"


def test_where_a_photo_was_taken_is_not_kept_and_it_stands_upright(media):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x9286] = "taken at home"
    services.add_image(product=make_product(), file=picture_file((900, 600), exif=exif.tobytes()))

    for path in files(media):
        with Image.open(path) as picture:
            assert picture.height > picture.width
            assert not picture.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture_file((400, 400)).read()[:300],
        picture_file((400, 400), format="BMP").read(),
    ],
    ids=["empty", "text", "svg", "cut off", "another format"],
)
def test_what_is_no_picture_we_take_is_refused(content, media):
    product = make_product()

    with pytest.raises(BadImage):
        services.add_image(product=product, file=SimpleUploadedFile("photo.jpg", content, "image/jpeg"))

    assert not product.images.exists()
    assert files(media) == []


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused():
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")

    with pytest.raises(BadImage, match="megapixels"):
        services.add_image(product=make_product(), file=SimpleUploadedFile("bomb.png", buffer.getvalue()))


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.me", "x")
    return buffer.getvalue()


@pytest.mark.parametrize("stowaway", [b"<script>alert(1)</script>", b"<?PHP x();", b"%PDF-1.7", zipped()])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_something_else_as_well_is_refused(stowaway, format, media):
    file = picture_file((400, 400), format=format)
    file = SimpleUploadedFile(file.name, file.read() + stowaway, file.content_type)

    with pytest.raises(BadImage, match="more in this file"):
        services.add_image(product=make_product(), file=file)

    assert files(media) == []


def test_a_script_in_the_metadata_is_refused():
    exif = Image.Exif()
    exif[0x9286] = "<script>alert(1)</script>"

    with pytest.raises(BadImage, match="more in this file"):
        services.add_image(product=make_product(), file=picture_file((400, 400), exif=exif.tobytes()))


@pytest.mark.parametrize("said", ["image/gif", "text/html", "image/png"])
def test_a_picture_that_says_it_is_something_else_is_refused(said):
    file = SimpleUploadedFile("photo.jpg", picture_file((400, 400)).read(), said)

    with pytest.raises(BadImage, match="says it is"):
        services.add_image(product=make_product(), file=file)


@pytest.mark.parametrize("said", ["", "application/octet-stream", "image/jpg", "IMAGE/JPEG"])
def test_a_picture_need_not_say_what_it_is(said):
    file = SimpleUploadedFile("photo", picture_file((400, 400)).read(), said)

    assert services.add_image(product=make_product(), file=file).pk


def test_a_tiny_picture_is_refused():
    with pytest.raises(BadImage, match="200 pixels"):
        services.add_image(product=make_product(), file=picture_file((199, 600)))


def test_a_sixth_picture_is_refused_and_its_files_are_gone(media):
    product = make_product()
    for _ in range(5):
        make_image(product)

    with pytest.raises(services.TooManyImages):
        services.add_image(product=product, file=picture_file())

    assert files(media) == []


def test_a_save_that_fails_leaves_no_files(media, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(ProductImage, "save", fail)

    with pytest.raises(RuntimeError):
        services.add_image(product=make_product(), file=picture_file())

    assert files(media) == []


def test_files_go_once_the_removal_is_committed(media, django_capture_on_commit_callbacks):
    product = make_product()
    first, second = (services.add_image(product=product, file=picture_file()) for _ in range(2))

    with django_capture_on_commit_callbacks() as callbacks:
        services.remove_image(image=first)
    assert len(files(media)) == 12

    for callback in callbacks:
        callback()
    assert len(files(media)) == 6
    second.refresh_from_db()
    assert second.position == 0


def test_files_go_with_their_product_too(media, django_capture_on_commit_callbacks):
    product = make_product(price=None)
    services.add_image(product=product, file=picture_file())

    with django_capture_on_commit_callbacks(execute=True):
        product.delete()

    assert files(media) == []


def test_pictures_can_be_put_in_another_order():
    product = make_product()
    pictures = [make_image(product) for _ in range(3)]
    order = [pictures[2].pk, pictures[0].pk, pictures[1].pk]

    services.reorder_images(product=product, image_ids=order)
    connection.check_constraints()

    assert list(product.images.values_list("pk", flat=True)) == order


def test_an_order_that_is_not_of_these_pictures_is_refused():
    product = make_product()
    mine, foreign = make_image(product), make_image(make_product())

    for ids in ([], [mine.pk, foreign.pk], [mine.pk, mine.pk]):
        with pytest.raises(services.ImagesChanged):
            services.reorder_images(product=product, image_ids=ids)
