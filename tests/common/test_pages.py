from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

PAGES = ["about", "help", "grievance", "returns", "privacy", "terms"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PAGES)
def test_static_pages_have_one_heading_a_description_and_their_address(client, name):
    response = client.get(reverse(name))

    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert html.count('<meta name="description"') == 1
    assert f'<link rel="canonical" href="{settings.SITE_URL}{reverse(name)}">' in html
    assert html.index('class="skip-link"') < html.index("<header")


def test_the_grievance_officer_is_named_with_contact_and_terms(client):
    html = client.get(reverse("grievance")).content.decode()

    officer = settings.MARKETPLACE
    for fact in (officer["grievance_name"], officer["grievance_email"], officer["grievance_phone"], officer["address"]):
        assert fact in html
    for promise in ("48 hours", "one month", "1915"):
        assert promise in html


def test_every_page_leads_to_the_grievance_officer_and_says_that_the_demo_moves_no_money(client, settings):
    settings.DEBUG = True
    html = client.get(reverse("help")).content.decode()

    assert f'href="{reverse("grievance")}"' in html
    assert "no money moves" in html


def test_the_theme_that_was_chosen_is_there_from_the_first_byte(client):
    client.cookies["theme"] = "dark"
    assert '<html lang="en-IN" data-theme="dark">' in client.get(reverse("about")).content.decode()

    client.cookies["theme"] = '"><script>'
    assert '<html lang="en-IN">' in client.get(reverse("about")).content.decode()


def test_what_is_not_there_gets_a_friendly_page(client):
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "cannot find that page" in response.content.decode()


def test_the_service_worker_keeps_the_page_for_lost_connections(client):
    response = client.get("/sw.js")

    script = response.content.decode()
    assert response["Content-Type"] == "text/javascript"
    assert f'const OFFLINE = "{reverse("offline")}";' in script
    assert '"/static/css/tokens.css", ' in script
    assert client.get(reverse("offline")).status_code == 200


def test_robots_stay_out_of_what_is_private(client):
    text = client.get(reverse("robots")).content.decode()

    assert "Disallow: /orders/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_the_gallery_of_components_renders_without_holes(rf):
    request = rf.get("/debug/ui/")
    request.user = AnonymousUser()

    html = render(request, "debug/ui.html").content.decode()

    assert "₹1,23,45,678.50" in html
    assert html.count("guide__item") > 15


def test_who_finds_a_hole_learns_whom_to_tell(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@shop.example"
    response = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@shop.example"
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert fields["Policy"] == f"{settings.SITE_URL}/help/#security"
    until = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=170) < until < timedelta(days=365)
    assert 'id="security"' in client.get(reverse("help")).content.decode()
