"""What mails say."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives

from accounts.emails import compose, composer
from accounts.models import OutboundEmail
from accounts.services import Mail
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def composed(kind: str, user=None, **params) -> EmailMultiAlternatives:
    row = OutboundEmail(kind=kind, key=f"{kind}:1", user=user or make_user(full_name="Asha Rao"), params=params)
    row.save()
    return compose(row)


def html(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0].content)


def links(text: str) -> list[str]:
    return re.findall(r"https?://[^\s\"<>]+", text)


def test_a_welcome_greets_and_leads_into_the_shop():
    mail = composed("welcome")
    assert mail.subject == "Welcome to PyMart, Asha"
    assert "Welcome, Asha" in mail.body
    assert "Welcome, Asha" in html(mail)


@pytest.mark.parametrize("kind", ["welcome", "password-reset"])
def test_every_link_is_absolute_and_on_the_site(kind, settings):
    settings.SITE_URL = "https://shop.example"
    mail = composed(kind)
    for text in (mail.body, html(mail)):
        assert links(text)
        assert all(link.startswith("https://shop.example/") for link in links(text))
        assert 'href="/' not in text


def test_the_password_link_works_once(client):
    user = make_user()
    [link] = set(links(composed("password-reset", user).body)) - {"http://127.0.0.1:8000/"}
    page = client.get(link, follow=True)
    assert page.status_code == 200
    address = page.redirect_chain[-1][0]
    client.post(address, {"password": "papaya-boat-77"})
    user.refresh_from_db()
    assert not user.check_password(PASSWORD)
    assert user.check_password("papaya-boat-77")


def test_names_are_escaped_in_html_and_plain_in_text():
    mail = composed("welcome", make_user(full_name="<b>Asha</b>&Co Rao"))
    assert "<b>Asha" not in html(mail)
    assert "<b>Asha</b>&Co" in mail.body


def test_a_subject_is_one_line():
    @composer("two-lines")
    def two_lines(user, params) -> Mail:
        return Mail("Hello\r\nBcc: everybody@example.com", "welcome")

    assert composed("two-lines").message()["Subject"] == "Hello Bcc: everybody@example.com"


def test_a_kind_has_one_composer():
    with pytest.raises(ValueError, match="Two composers"):
        composer("welcome")(lambda user, params: Mail("Hello", "welcome"))
