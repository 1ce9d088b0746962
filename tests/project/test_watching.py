"""What watches the shop knows it: every metric that dashboard and alerts ask for is there, every alert explained."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from orders.services import PriceChanged, place_order
from payments.models import WebhookEvent
from tests.factories import ADDRESS, make_user
from tests.project.test_serve import ask, free_ports, wait_until_live
from tests.samples import samples
from tests.shop import fill_cart, make_variant
from tests.web import ROOT, environment

PROMETHEUS, RUNBOOKS = ROOT / "deploy" / "prometheus", ROOT / "docs" / "runbooks"
GRAFANA = ROOT / "deploy" / "grafana"
OF_PROMETHEUS = {"up", "ALERTS"}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return json.loads((GRAFANA / "pymart.json").read_text())["panels"]


def expressions() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel.get("targets", [])]
    return [rule["expr"] for rule in alerts()] + shown


def names_in(expression: str) -> set[str]:
    bare = re.sub(r'"[^"]*"|\[[^]]*\]', "", expression)  # without the values of labels and without ranges
    bare = re.sub(r"\b(by|without)\s*\([^)]*\)|\{[^}]*\}", "", bare)
    words = set(re.findall(r"\b[a-zA-Z_]\w*\b(?!\s*\()", bare))
    return words - {"and", "or", "unless", "by", "without", "bool", "offset"}


@contextmanager
def web_servers() -> Iterator[int]:
    """As in production: `pymart.serve` with two processes; answers the port."""
    [port] = free_ports(1)
    settings = environment(PORT=str(port), GRANIAN_WORKERS="2", LEAVING_SECONDS="0.1")
    with subprocess.Popen([sys.executable, "-m", "pymart.serve", "web"], cwd=ROOT, env=settings) as process:
        try:
            wait_until_live(port)
            yield port
        finally:
            process.terminate()
            process.wait(60)


def scrape(port: int) -> dict[str, float]:
    status, body = ask(port, "/metrics")
    assert status == 200
    return samples(text_string_to_metric_families(body.decode()))


@pytest.mark.django_db(transaction=True)
def test_every_metric_that_somebody_asks_for_is_there_and_counts_all_processes():
    buyer = make_user()
    fill_cart(buyer, make_variant())
    with pytest.raises(PriceChanged):
        place_order(buyer=buyer, address=ADDRESS, expected_total=Decimal("1.00"))
    WebhookEvent.objects.create(event_id="evt_1", type="x", body="{}", processed_at=timezone.now())
    with web_servers() as port:
        for _ in range(20):
            assert ask(port, "/about/")[0] == 200
        ask(port, "/search/?q=lamp")
        said = [scrape(port) for _ in range(6)]  # by whichever process

    key = "django_http_responses_total_by_status_view_method_total GET 200 about"
    assert [each[key] for each in said] == [20] * 6
    known = {name.split()[0] for name in said[0]} | OF_PROMETHEUS
    for expression in expressions():
        assert names_in(expression) <= known, expression
        for name, value in re.findall(r'(pymart_\w+){\w+="([^"]+)"}', expression):
            assert f"{name} {value}" in said[0], expression


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_every_alert_says_how_urgent_it_is_and_has_a_runbook(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    page = (RUNBOOKS / f"{rule['alert']}.md").read_text()
    assert page.startswith(f"# {rule['alert']}\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Look", "## Do"]


def test_runbooks_are_about_alerts_and_listed():
    names = {rule["alert"] for rule in alerts()}
    assert {page.stem for page in RUNBOOKS.glob("*.md")} == names | {"README"}
    assert set(re.findall(r"\]\((\w+)\.md\)", (RUNBOOKS / "README.md").read_text())) == names


def test_runbooks_name_commands_parts_and_alerts_that_exist():
    text = "\n".join(page.read_text() for page in RUNBOOKS.glob("*.md"))
    services = yaml.safe_load((ROOT / "docker-compose.prod.yml").read_text())["services"].keys()
    assert set(re.findall(r"manage\.py (\w+)", text)) <= get_commands().keys()
    for command in re.findall(r"\$C (?:exec|restart|ps) ([\w -]*?)(?:`| sh| psql| python| celery|, )", text):
        assert set(command.split()) <= services, command
    alert_like = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", text))
    assert alert_like <= {rule["alert"] for rule in alerts()}
    for words in re.findall(r"from (\w+(?:\.\w+)+) import (\w+)", text):
        assert hasattr(import_module(words[0]), words[1]), words


def test_runbooks_name_what_the_dashboard_shows():
    titles = {panel["title"] for panel in panels()}
    text = "\n".join(page.read_text() for page in RUNBOOKS.glob("*.md"))
    elsewhere = {"unpaid", "Refund again", "Paid back another way", "Process again", "Send again"}
    assert set(re.findall(r"“([^”]+?),?”", text)) - elsewhere <= titles


def test_prometheus_asks_the_web_servers_of_production():
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    targets = config["scrape_configs"][0]["static_configs"][0]["targets"]
    services = yaml.safe_load((ROOT / "docker-compose.prod.yml").read_text())["services"]
    assert targets == [f"{name}:8000" for name in services if name.startswith("web-")]
    assert config["rule_files"] == ["alerts.yml"]


@pytest.mark.parametrize("arguments", ["check config prometheus.yml", "test rules alerts_test.yml"])
def test_promtool_takes_the_config_and_sees_the_alerts_fire(arguments):
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool is not installed (Debian's package prometheus has it)")
    done = subprocess.run([promtool, *arguments.split()], cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_seen_to_fire_by_what_the_shop_counts():
    tests = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text())["tests"]
    expected = [
        sample["labels"] for test in tests for at in test["promql_expr_test"] for sample in at.get("exp_samples", [])
    ]
    assert set(re.findall(r'alertname="(\w+)"', " ".join(expected))) == {rule["alert"] for rule in alerts()}
    series = {each["series"].partition("{")[0] for test in tests for each in test.get("input_series", [])}
    assert series == set().union(*(names_in(rule["expr"]) for rule in alerts()))


def test_every_panel_of_the_dashboard_asks_something_and_has_its_place():
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["type"] == "row" or panel["targets"], panel["title"]
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))
