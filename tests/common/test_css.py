"""Colours that can be read, in both themes, by the formula of WCAG 2.2."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()


def declarations(block):
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def block_after(selector):
    start = TOKENS.index(selector)
    return declarations(TOKENS[start : TOKENS.index("}", start)])


LIGHT = block_after(":root {")
DARK_BY_SYSTEM = block_after(':root:not([data-theme="light"]) {')
DARK_BY_CHOICE = block_after(':root[data-theme="dark"] {')
THEMES = {"light": LIGHT, "dark": LIGHT | DARK_BY_CHOICE}


def luminance(theme, name):
    value = THEMES[theme][name]
    while reference := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = THEMES[theme][reference[1]]
    digits = value.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme, one, other):
    darker, lighter = sorted([luminance(theme, one), luminance(theme, other)])
    return (lighter + 0.05) / (darker + 0.05)


TEXT = [
    *[
        (text, ground)
        for text in ("--text", "--text-2", "--brand", "--good", "--bad")
        for ground in ("--bg", "--surface", "--surface-2", "--brand-soft")
    ],
    ("--text", "--surface-3"),
    ("--text-2", "--surface-3"),
    ("--brand", "--brand-soft-2"),
    ("--brand-hover", "--brand-soft"),
    ("--on-brand", "--brand-fill"),
    ("--on-brand", "--brand-fill-hover"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-hover"),
    ("--accent-text", "--accent-soft"),
    ("--accent-text", "--surface"),
    ("--on-good", "--good-fill"),
    ("--good", "--good-soft"),
    ("--on-bad", "--bad-fill"),
    ("--bad", "--bad-soft"),
    *[("--text", ground) for ground in ("--accent-soft", "--good-soft", "--bad-soft", "--brand-soft-2")],
]
SHAPES = [
    *[("--line-strong", ground) for ground in ("--bg", "--surface", "--surface-2")],
    *[("--focus", ground) for ground in ("--bg", "--surface", "--surface-2", "--brand-soft")],
    ("--brand-fill", "--bg"),
    ("--good-fill", "--bg"),
    ("--bad-fill", "--bg"),
]


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_its_ground(theme):
    weak = {(one, other): round(contrast(theme, one, other), 2) for one, other in TEXT}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_borders_of_controls_and_the_focus_ring_can_be_seen(theme):
    weak = {(one, other): round(contrast(theme, one, other), 2) for one, other in SHAPES}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_the_chosen_dark_theme_is_that_of_the_system():
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE


def test_only_tokens_that_exist_are_used():
    everything = "".join(path.read_text() for path in CSS.glob("*.css"))
    local = {"--tone", "--notice-bg", "--b", "--gap", "--min"}

    used = set(re.findall(r"var\((--[\w-]+)", everything))

    assert used - set(LIGHT) - local == set()


def test_all_stylesheets_are_collected_into_one(tmp_path):
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "pymart.common.staticfiles.StaticStorage"},
    }
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(STORAGES=storages, STATICFILES_FINDERS=finders, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)

    bundle = next((tmp_path / "css").glob("site.*.css")).read_text()
    assert bundle.startswith("@layer tokens, base, layout, components, pages, utilities;")
    assert "@layer utilities {" in bundle
    assert list((tmp_path / "css").glob("site.*.css.br"))
