"""What staff see of searches, and how they add words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import SearchLog, SearchSynonym
from tests.catalog.search.shelf import shelve
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db
REPORT = "/admin/catalog/searchlog/report/"
ADD = "/admin/catalog/searchsynonym/add/"


@pytest.fixture
def boss(client):
    client.force_login(make_admin())
    return client


def past(query: str, *, results: int = 5, days: int = 0, opened: int | None = None, relaxed: str = "") -> None:
    SearchLog.objects.create(
        id=SearchLog.objects.count() + 1, query=query, results=results, engine="database", milliseconds=20,
        relaxed=relaxed, clicked_position=opened, created_at=timezone.now() - timedelta(days=days, minutes=1),
    )  # fmt: skip


def table(response, title: str) -> list[list[str]]:
    (panel,) = [panel for panel in response.context["panels"] if panel.title == title]
    return [[str(cell) for cell in row.cells] for row in panel.rows]


def test_what_was_not_found_comes_first_and_begins_a_synonym(boss):
    for query in ("baingan", "jutti", "baingan"):
        past(query, results=0)
    past("aubergine", results=0, days=8)
    response = boss.get(REPORT)
    rows = table(response, "Nothing found")
    assert [(">baingan<" in row[0], row[1]) for row in rows] == [(True, "2"), (False, "1")]
    assert f'href="{ADD}?line=baingan+%3D%3E+"' in rows[0][-1]
    assert 'value="baingan =&gt; "' in boss.get(f"{ADD}?line=baingan+%3D%3E+").content.decode()
    assert len(table(boss.get(REPORT + "?days=30"), "Nothing found")) == 3
    assert boss.get(REPORT + "?days=x").context["days"] == 7


def test_how_often_results_are_opened(boss):
    for opened in (1, 4, None, None):
        past("lamp", results=8, opened=opened)
    past("brass lantern oil", relaxed="any_word")
    response = boss.get(REPORT)
    assert table(response, "Most frequent")[0][1:5] == ["4", "8", "50 %", "2.5"]
    assert len(table(response, "Found with only some of the words")) == 1
    assert table(response, "Engines")[0][:4] == ["database", "5", "0 %", "40 %"]


def test_any_text_can_be_tried(boss):
    shelve("Brass lantern")
    html = boss.get(REPORT + "?q=lantern").content.decode()
    assert '<a href="/search/?q=lantern">1 product</a>' in html
    html = boss.get(REPORT + "?q=lantern+under+900").content.decode()
    assert "Only: Up to ₹900" in html
    assert "<li>under</li>" not in html
    assert "no word that means something" in boss.get(REPORT + "?q=!!").content.decode()


def test_the_report_is_not_for_everybody(client):
    client.force_login(make_user(is_staff=True))
    assert client.get(REPORT).status_code == 403
    client.logout()
    assert client.get(REPORT).status_code == 302


def test_a_line_is_kept_evenly_written_and_says_what_searches_become(boss):
    boss.post(ADD, {"line": " Baingan ,  Brinjal, baingan=>Aubergine ", "note": ""})
    synonym = SearchSynonym.objects.get()
    assert synonym.line == "baingan, brinjal => aubergine"
    html = boss.get(f"/admin/catalog/searchsynonym/{synonym.pk}/change/").content.decode()
    assert "aubergine" in html.split("What searches become")[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("baingan", "Write “word, other word”"),
        ("baingan =>", "Write “word, other word”"),
        ("=> baingan", "Write “word, other word”"),
        ("a => b => c", "Write “word, other word”"),
        ("baingan, !!", "“!!” has no letters or numbers."),
        ("baingan => Baingan", "Both sides of “=&gt;” say the same."),
        ("phone, mobail => handset", "“mobail” is replaced by another line already"),
        ("", "This field is required."),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_in_one_sentence(boss, line, said):
    SearchSynonym.objects.create(line="mobail => mobile")
    response = boss.post(ADD, {"line": line, "note": ""})
    assert said in response.content.decode()
    assert len(response.context["errors"]) == 1
    assert SearchSynonym.objects.count() == 1
