"""The tokens themselves: which of them count, for what, and until when."""

import base64
import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts import services, tasks
from accounts.api.authentication import BearerAuthentication
from accounts.models import User
from accounts.tokens import ExpiredToken, InvalidToken, UserInactive
from tests.factories import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db

OTHER_KEY = "k" * 64


class WhoAmI(APIView):
    authentication_classes = [BearerAuthentication]
    permission_classes = []

    def get(self, request):
        return Response({"user": request.user.pk})


def ask(token, scheme="Bearer"):
    headers = {} if token is None else {"Authorization": f"{scheme} {token}"}
    return WhoAmI.as_view()(APIRequestFactory().get("/", headers=headers))


def outcome(token):
    """The user's key, or the code of the refusal."""
    response = ask(token)
    if response.status_code == 200:
        return response.data["user"]
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    detail = response.data["detail"] if "detail" in response.data else response.data["errors"][0]
    return detail.code if hasattr(detail, "code") else detail["code"]


def claims_of(token):
    return jwt.decode(token, settings.JWT_KEYS[0], algorithms=["HS256"])


def signed(claims, key=None, algorithm="HS256"):
    return jwt.encode(claims, key or settings.JWT_KEYS[0], algorithm=algorithm)


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def pair(user):
    return services.issue_tokens(user)


# --- What they say ------------------------------------------------------------------------------------------------


def test_a_token_says_no_more_than_it_must(user, pair):
    now = time.time()
    for token, kind, lifetime in [(pair.access_token, "access", 1800), (pair.refresh_token, "refresh", 604800)]:
        claims = claims_of(token)
        assert set(claims) == {"token_type", "exp", "iat", "jti", "sub", "sv"}
        assert (claims["token_type"], claims["sub"], claims["sv"]) == (kind, str(user.pk), 0)
        assert claims["exp"] - claims["iat"] == lifetime
        assert abs(claims["iat"] - now) < 5
    assert pair.expires_in == 1800


def test_what_is_kept_of_a_token_opens_nothing(user, pair):
    row = OutstandingToken.objects.get()
    assert (row.user, row.jti, row.token) == (user, claims_of(pair.refresh_token)["jti"], "")


# --- Access -------------------------------------------------------------------------------------------------------


def test_an_access_token_tells_who_asks(user, pair):
    assert outcome(pair.access_token) == user.pk
    assert ask(pair.access_token, scheme="bearer").data == {"user": user.pk}


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearers"])
def test_other_schemes_name_nobody(pair, scheme):
    assert ask(pair.access_token, scheme=scheme).data == {"user": None}
    assert ask(None).data == {"user": None}


def test_asking_costs_one_light_query(pair, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        ask(pair.access_token)
    assert "password" not in queries[0]["sql"]


def test_the_user_is_a_whole_one(pair, django_assert_num_queries):
    request = APIView().initialize_request(
        APIRequestFactory().get("/", headers={"Authorization": f"Bearer {pair.access_token}"})
    )
    request.authenticators = [BearerAuthentication()]
    user = User.objects.get()
    with django_assert_num_queries(1):
        names = ("pk", "email", "full_name", "phone", "avatar", "role", "is_active", "is_staff", "date_joined")
        assert [getattr(request.user, name) for name in names] == [getattr(user, name) for name in names]
    assert request.user.check_password(PASSWORD)
    request.user.full_name = "Asha Iyer"
    request.user.save()
    assert User.objects.get().full_name == "Asha Iyer"


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def other_than(claims, **changes):
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def b64(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


FORGERIES = {
    "nothing": lambda c: "",
    "no token": lambda c: "not-a-token",
    "not ascii": lambda c: "é.ü.ß",
    "null byte": lambda c: "a\0.b.c",
    "much": lambda c: "a." * 5000,
    "another key": lambda c: signed(c, OTHER_KEY),
    "no signature": lambda c: jwt.encode(c, None, algorithm="none"),
    "stripped signature": lambda c: signed(c).rpartition(".")[0] + ".",
    "another algorithm of the same key": lambda c: signed(c, algorithm="HS512"),
    "RSA": lambda c: jwt.encode(c, RSA_KEY, algorithm="RS256"),
    "another kind": lambda c: signed(other_than(c, token_type="sliding")),
    "no kind": lambda c: signed(other_than(c, token_type=None)),
    "no end": lambda c: signed(other_than(c, exp=None)),
    "no id": lambda c: signed(other_than(c, jti=None)),
    "nobody": lambda c: signed(other_than(c, sub=None)),
    "a user of another shop": lambda c: signed(other_than(c, sub="7f3e9c")),
    "a user beyond all": lambda c: signed(other_than(c, sub="9" * 19)),
    "a header without end": lambda c: f"{b64('[' * 5000)}.{b64('{}')}.x",
    "no version": lambda c: signed(other_than(c, sv=None)),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_what_we_did_not_sign_as_it_is_counts_for_nothing(user, pair, how):
    assert outcome(FORGERIES[how](claims_of(pair.access_token))) == "token_not_valid"
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=FORGERIES[how](claims_of(pair.refresh_token)))
    with pytest.raises(InvalidToken):
        services.revoke(refresh_token=FORGERIES[how](claims_of(pair.refresh_token)), user=user)


def test_the_two_kinds_do_not_stand_in_for_each_other(user, pair):
    assert outcome(pair.refresh_token) == "token_not_valid"
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=pair.access_token)
    with pytest.raises(InvalidToken):
        services.revoke(refresh_token=pair.access_token, user=user)


def test_tokens_end_by_themselves(user, pair, time_machine):
    start = timezone.now()
    time_machine.move_to(start + timedelta(minutes=29, seconds=55))
    assert outcome(pair.access_token) == user.pk
    time_machine.move_to(start + timedelta(minutes=30, seconds=1))
    assert outcome(pair.access_token) == "token_expired"
    time_machine.move_to(start + timedelta(days=7, seconds=1))
    with pytest.raises(ExpiredToken):
        services.refresh_tokens(refresh_token=pair.refresh_token)


def test_a_server_whose_clock_is_behind_believes_the_others(user, pair, time_machine):
    time_machine.move_to(timezone.now() - timedelta(seconds=5))
    assert outcome(pair.access_token) == user.pk


# --- What ends them all -------------------------------------------------------------------------------------------


def deactivate(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_in_the_admin(user, client, **data):
    client.force_login(make_admin())
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    assert client.post(url, {"usable_password": "true", **data}).status_code == 302


def close_and_open_in_the_admin(user, client):
    client.force_login(make_admin())
    for closed in (True, False):
        data = {
            "email": user.email,
            "full_name": user.full_name,
            "role": user.role,
            "is_active": "" if closed else "on",
        }
        data |= {"addresses-TOTAL_FORMS": "0", "addresses-INITIAL_FORMS": "0", "date_joined_0": "2026-01-01"}
        assert client.post(reverse("admin:accounts_user_change", args=[user.pk]), data).status_code == 302
    assert User.objects.get(pk=user.pk).is_active


def change_by_command(user, monkeypatch):
    command = "django.contrib.auth.management.commands.changepassword.Command._get_pass"
    monkeypatch.setattr(command, lambda self, prompt="": "new-mango-42")
    call_command("changepassword", user.email, verbosity=0)


ENDS = {
    "sign out everywhere": lambda user, **_: services.sign_out_everywhere(user=user),
    "a new password": lambda user, **_: services.set_password(user=user, password="new-mango-42"),
    "a new password in the admin": lambda user, client, **_: change_in_the_admin(
        user, client, password1="new-mango-42", password2="new-mango-42"
    ),
    "no password in the admin": lambda user, client, **_: change_in_the_admin(
        user, client, **{"usable_password": "false", "unset-password": "1"}
    ),
    "closing in the admin": lambda user, client, **_: close_and_open_in_the_admin(user, client),
    "a new password by command": lambda user, monkeypatch, **_: change_by_command(user, monkeypatch),
    "deletion": lambda user, **_: user.delete(),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_all_tokens_at_once(user, pair, client, monkeypatch, how):
    ENDS[how](user, client=client, monkeypatch=monkeypatch)
    assert outcome(pair.access_token) == "token_not_valid"
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=pair.refresh_token)


def test_an_inactive_user_is_told_so(user, pair):
    deactivate(user)
    assert outcome(pair.access_token) == "user_inactive"
    with pytest.raises(UserInactive):
        services.refresh_tokens(refresh_token=pair.refresh_token)


def test_hashing_the_same_password_anew_ends_nothing(user, pair):
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert authenticate(email=user.email, password=PASSWORD)
    assert not User.objects.get(pk=user.pk).password.startswith("pbkdf2")
    assert outcome(pair.access_token) == user.pk


def test_others_keep_theirs(user, pair):
    services.sign_out_everywhere(user=make_user())
    assert outcome(pair.access_token) == user.pk


# --- Refresh and log-out ------------------------------------------------------------------------------------------


def test_a_refresh_token_is_exchanged_once(user, pair):
    new = services.refresh_tokens(refresh_token=pair.refresh_token)
    assert outcome(new.access_token) == user.pk
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=pair.refresh_token)
    assert services.refresh_tokens(refresh_token=new.refresh_token)
    assert outcome(pair.access_token) == user.pk  # a request under way with it must not fail


def test_a_refresh_token_that_was_never_given_out_is_refused(pair):
    OutstandingToken.objects.all().delete()
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=pair.refresh_token)


def test_a_revoked_token_is_refused_and_revoking_twice_is_no_error(user, pair):
    for _ in range(2):
        services.revoke(refresh_token=pair.refresh_token, user=user)
    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=pair.refresh_token)


def test_nobody_revokes_the_token_of_another(pair):
    with pytest.raises(InvalidToken):
        services.revoke(refresh_token=pair.refresh_token, user=make_user())
    assert services.refresh_tokens(refresh_token=pair.refresh_token)


@pytest.mark.parametrize("at_once", [1, 5000])
def test_old_tokens_are_deleted(user, pair, time_machine, monkeypatch, at_once):
    monkeypatch.setattr(tasks, "AT_ONCE", at_once)
    services.refresh_tokens(refresh_token=pair.refresh_token)
    time_machine.move_to(timezone.now() + timedelta(days=6))
    services.issue_tokens(user)
    tasks.delete_old_tokens()
    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (3, 1)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    tasks.delete_old_tokens()
    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (1, 0)


# --- Keys ---------------------------------------------------------------------------------------------------------


def test_a_former_key_still_verifies_but_signs_nothing(user, pair, settings):
    settings.JWT_KEYS = [OTHER_KEY, *settings.JWT_KEYS]
    settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, "SIGNING_KEY": OTHER_KEY}
    assert outcome(pair.access_token) == user.pk
    settings.JWT_KEYS = [OTHER_KEY]
    assert outcome(pair.access_token) == "token_not_valid"
