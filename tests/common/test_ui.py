"""The components of templates/ui: what they promise to those who see, hear and index the pages."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

ROOT = Path(__file__).resolve().parents[2]


def render(source, path="/", **context):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return Template("{% load ui %}" + source).render(RequestContext(request, context))


class AddressForm(forms.Form):
    pincode = forms.CharField(label="PIN code", help_text="Six digits.", max_length=6)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    kind = forms.ChoiceField(label="Kind", choices=[("home", "Home"), ("work", "Work")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    landmark = forms.CharField(label="Landmark", required=False)


def test_a_field_ties_label_help_and_error_to_its_control_and_keeps_what_was_typed():
    form = AddressForm({"pincode": "0560001"})

    html = render("{% field form.pincode inputmode='numeric' %}", form=form)

    control = re.search(r"<input[^>]*>", html)[0]
    described = re.search(r'aria-describedby="([^"]*)"', control)[1].split()
    assert '<label class="field__label" for="id_pincode">PIN code</label>' in html
    assert 'value="0560001"' in control
    assert 'aria-invalid="true"' in control
    assert 'inputmode="numeric"' in control
    assert [name for name in described if f'id="{name}"' in html] == ["id_pincode_helptext", "id_pincode_error"]


def test_a_field_without_errors_says_nothing_of_errors():
    html = render("{% field form.landmark %}", form=AddressForm())

    assert "aria-invalid" not in html
    assert "(optional)" in html


def test_a_password_can_be_shown():
    assert 'data-reveal="id_password"' in render("{% field form.password %}", form=AddressForm())


def test_choices_are_a_group_with_a_legend():
    html = render("{% field form.kind %}", form=AddressForm({}))

    assert '<legend class="field__label">Kind</legend>' in html
    assert html.count('type="radio"') == 2
    assert 'aria-describedby="id_kind_error"' in html


def test_the_error_summary_takes_the_focus_and_leads_to_each_field():
    html = render("{% form_errors form %}", form=AddressForm({"landmark": "x"}))

    assert "autofocus" in html
    assert re.findall(r'href="#([^"]*)"', html) == ["id_pincode", "id_password", "id_kind_0", "id_agree"]


def test_a_form_in_order_has_no_error_summary():
    assert render("{% form_errors form %}", form=AddressForm()).strip() == ""


def test_addresses_keep_the_other_parameters_and_begin_again_at_the_first_page():
    here = "/search/?q=red+saree&tag=silk&tag=cotton&page=4"

    assert (
        render("{% url_with sort='price' %}", here) == "/search/?q=red+saree&amp;tag=silk&amp;tag=cotton&amp;sort=price"
    )
    assert render("{% url_with page=5 %}", here).endswith("&amp;page=5")
    assert "page" not in render("{% url_with page=1 %}", here)
    assert render("{% url_with q='' %}", here) == "/search/?tag=silk&amp;tag=cotton"
    assert render("{% url_without tag='silk' %}", here) == "/search/?q=red+saree&amp;tag=cotton"
    assert render("{% url_without tag='silk' %}", "/search/?tag=silk") == "/search/"


def test_pages_link_to_their_neighbours():
    page = Paginator(range(100), 10).page(5)

    html = render('{% include "ui/pagination.html" with page=page only %}', "/c/sarees/?sort=new&page=5", page=page)

    assert 'href="/c/sarees/?sort=new&amp;page=4" rel="prev"' in html
    assert 'href="/c/sarees/?sort=new&amp;page=6" rel="next"' in html
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize(("rating", "width"), [(0, "0.0"), (None, "0.0"), (Decimal("4.35"), "104.4"), (5, "120.0")])
def test_stars_are_filled_by_true_fractions(rating, width):
    assert render("{{ rating|stars_width }}", rating=rating) == width


def test_initials_are_those_of_first_and_last_name():
    assert render("{{ name|initials }}", name="Asha Kumari Rao") == "AR"
    assert render("{{ name|initials }}", name="Asha") == "A"
    assert render("{{ name|initials }}", name="") == ""


def test_structured_data_cannot_leave_its_script():
    html = render("{% json_ld data %}", data={"@type": "Product", "name": "</script><b>&", "price": Decimal("1.50")})

    assert html.count("</script>") == 1
    assert json.loads(html[html.index("{") : html.rindex("}") + 1])["name"] == "</script><b>&"


def test_the_page_for_our_own_mistakes_needs_nothing():
    assert "do not pay again" in render_to_string("500.html")


def test_blocks_escape_what_people_wrote():
    html = Template("{% load ui %}{% card title=title %}{{ text }}{% endcard %}").render(
        Context({"title": "<i>", "text": "<b>"})
    )

    assert "&lt;i&gt;" in html
    assert "&lt;b&gt;" in html


def templates():
    """Those of pages: mail programs know nothing but inline styles."""
    return [path for path in ROOT.glob("templates/**/*.html") if "emails" not in path.parts]


def test_every_icon_in_use_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))

    used = {
        name
        for path in templates()
        for name in re.findall(r'{% icon "([\w-]+)"|\bicon="([\w-]+)"', path.read_text())
        for name in name
        if name
    }

    assert used - drawn == set()


def test_templates_have_no_inline_styles_handlers_or_scripts():
    wrong = re.compile(
        r"\sstyle=\"|\son[a-z]+=\"|<script(?![^>]*(src=|nonce=|application/ld\+json))|<style(?![^>]*nonce=)"
    )

    assert [str(path.relative_to(ROOT)) for path in templates() if wrong.search(path.read_text())] == []
