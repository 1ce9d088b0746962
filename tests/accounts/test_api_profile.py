import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from tests.accounts.api import app, errors, refusal
from tests.factories import make_user, picture_file

pytestmark = pytest.mark.django_db

ME = "/api/v1/auth/me"


@pytest.fixture
def user() -> User:
    return make_user(phone="+919876543210")


@pytest.fixture
def me(user):
    return app(user)


def test_asking_who_one_is_costs_one_query(me, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert me.get(ME).status_code == 200


def test_only_what_is_sent_changes(me, user):
    answer = me.patch(ME, {"full_name": "Asha Iyer"}).json()
    assert (answer["full_name"], answer["phone"], answer["id"]) == ("Asha Iyer", "+919876543210", user.pk)
    assert me.patch(ME, {"phone": "9123456789"}).json()["phone"] == "+919123456789"
    assert me.patch(ME, {"phone": ""}).json()["phone"] == ""
    assert me.patch(ME, {}).json()["full_name"] == "Asha Iyer"
    user.refresh_from_db()
    assert (user.full_name, user.phone) == ("Asha Iyer", "")


def test_a_picture_becomes_a_small_square(me, user):
    answer = me.patch(ME, {"avatar": picture_file((800, 600)), "phone": "9123456789"}, format="multipart").json()
    user.refresh_from_db()
    assert answer["avatar"] == f"http://testserver/media/{user.avatar.name}"
    assert answer["phone"] == "+919123456789"
    with user.avatar.open() as file, Image.open(file) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))


def test_a_picture_is_replaced_and_removed(me, user, django_capture_on_commit_callbacks):
    me.patch(ME, {"avatar": picture_file()}, format="multipart")
    user.refresh_from_db()
    first = user.avatar.name
    with django_capture_on_commit_callbacks(execute=True):
        assert me.patch(ME, {"full_name": "Asha"}).json()["avatar"]
        assert me.patch(ME, {"avatar": None}).json()["avatar"] is None
    assert not default_storage.exists(first)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("me.jpg", b"<script>alert(1)</script>", "image/jpeg"),
        SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        SimpleUploadedFile("me.gif", b"GIF89a" + b"\0" * 50, "image/jpeg"),
    ],
    ids=lambda file: file.name,
)
def test_what_is_no_picture_is_refused(me, user, file):
    response = me.patch(ME, {"avatar": file}, format="multipart")
    assert (refusal(response), errors(response)[0][0]) == ((400, "bad_image"), "avatar")
    user.refresh_from_db()
    assert not user.avatar


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"avatar": "picture.jpg"}, "avatar", "invalid"),
        ({"full_name": ""}, "full_name", "blank"),
        ({"full_name": None}, "full_name", "null"),
        ({"full_name": "see https://evil.example"}, "full_name", "invalid"),
        ({"phone": "12345"}, "phone", "invalid"),
        ({"phone": 9876543210}, "phone", "invalid_type"),
        ({"role": "admin"}, "role", "unknown_field"),
        ({"email": "new@example.com"}, "email", "unknown_field"),
        ({"is_active": False}, "is_active", "unknown_field"),
        ({"password": "mango-tree-43"}, "password", "unknown_field"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(me, user, body, attr, code):
    before = User.objects.values().get()
    assert errors(me.patch(ME, body)) == [(attr, code)]
    assert User.objects.values().get() == before
