from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from accounts.services import update_profile
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PROFILE = "/account/"
ENTRY = {"full_name": "Asha R Rao", "phone": "98765 43210"}


def picture(format="PNG", size=(400, 300), color="teal", **options):
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, format, **options)
    return SimpleUploadedFile(f"me.{format.lower()}", buffer.getvalue(), f"image/{format.lower()}")


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def test_name_and_mobile_number_are_saved(client, user):
    assert client.post(PROFILE, ENTRY).status_code == 302
    user.refresh_from_db()
    assert (user.full_name, user.phone) == ("Asha R Rao", "+919876543210")


def test_two_changes_at_once_keep_each_other(user):
    other_tab = User.objects.get(pk=user.pk)
    update_profile(user=user, full_name="Asha R Rao")
    update_profile(user=other_tab, phone="+919876543210")
    user.refresh_from_db()
    assert (user.full_name, user.phone) == ("Asha R Rao", "+919876543210")


def test_the_page_shows_what_is_saved(client, user):
    client.post(PROFILE, ENTRY)
    body = client.get(PROFILE).content.decode()
    assert 'value="Asha R Rao"' in body
    assert 'value="98765 43210"' in body


def test_a_wrong_number_is_said_at_the_field_and_kept(client, user):
    response = client.post(PROFILE, {**ENTRY, "phone": "1234"})
    assert response.status_code == 422
    assert 'value="1234"' in response.content.decode()
    user.refresh_from_db()
    assert user.phone == ""


def test_nobody_promotes_themselves(client, user):
    client.post(PROFILE, {**ENTRY, "role": "admin", "is_staff": "on", "email": "other@example.com"})
    before = (user.role, user.is_staff, user.email)
    user.refresh_from_db()
    assert (user.role, user.is_staff, user.email) == before


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_square_webp(client, user, format):
    assert client.post(PROFILE, {**ENTRY, "avatar": picture(format)}).status_code == 302
    user.refresh_from_db()
    with user.avatar.open() as file, Image.open(file) as saved:
        assert (saved.format, saved.size) == ("WEBP", (256, 256))
    assert user.avatar.url in client.get(PROFILE).content.decode()


def test_what_a_picture_says_beside_the_picture_is_gone(client, user):
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    client.post(PROFILE, {**ENTRY, "avatar": picture("JPEG", exif=exif, comment=b"where I live")})
    user.refresh_from_db()
    with user.avatar.open() as file:
        assert b"where I live" not in file.read()


def test_a_new_picture_replaces_the_file_of_the_old_one(client, user, django_capture_on_commit_callbacks):
    client.post(PROFILE, {**ENTRY, "avatar": picture()})
    user.refresh_from_db()
    old = user.avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PROFILE, {**ENTRY, "avatar": picture(color="navy")})
    user.refresh_from_db()
    assert user.avatar.name != old
    assert not default_storage.exists(old)
    assert default_storage.exists(user.avatar.name)


def test_a_picture_can_be_removed(client, user, django_capture_on_commit_callbacks):
    client.post(PROFILE, {**ENTRY, "avatar": picture()})
    user.refresh_from_db()
    old = user.avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PROFILE, {**ENTRY, "remove_avatar": "on"})
    user.refresh_from_db()
    assert not user.avatar
    assert not default_storage.exists(old)


def bad_pictures():
    yield "text", SimpleUploadedFile("me.png", b"<script>alert(1)</script>", "image/png")
    yield "svg", SimpleUploadedFile("me.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/png")
    yield "gif", picture("GIF")
    yield "empty", SimpleUploadedFile("me.png", b"", "image/png")
    yield "cut off", SimpleUploadedFile("me.png", picture().read()[:200], "image/png")
    yield "bomb", picture(size=(7000, 7000))
    yield "bigger bomb", picture(size=(20000, 10000))
    yield "too many bytes", SimpleUploadedFile("me.png", picture().read() + bytes(5 * 1024 * 1024), "image/png")


@pytest.mark.parametrize("file", [pytest.param(file, id=name) for name, file in bad_pictures()])
def test_what_is_no_good_picture_is_refused_at_the_field_and_nothing_is_saved(client, user, file):
    response = client.post(PROFILE, {**ENTRY, "avatar": file})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"avatar"}
    user.refresh_from_db()
    assert (user.full_name, user.avatar.name) == ("Asha Rao", "")
