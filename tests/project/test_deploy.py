"""What the shop is shipped with fits together: images, compose files, proxy, pipeline and settings."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.web import ROOT

TOOLS = Path(sys.executable).parent
FILES = ["docker-compose.yml", "docker-compose.prod.yml"]
NEEDED = {  # by the compose file itself
    "POSTGRES_PASSWORD": "p", "REDIS_PASSWORD": "r", "ELASTIC_PASSWORD": "e", "ACME_EMAIL": "ops@shop.example",
    "SITE_URL": "https://shop.example", "SITE_HOST": "shop.example",
}  # fmt: skip
# read by the programs in the images themselves
OF_OTHERS = re.compile(r"GRANIAN_\w+")


def compose(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())


def services(name: str) -> dict[str, dict[str, Any]]:
    return compose(name)["services"]


def is_of_the_shop(service: dict[str, Any]) -> bool:
    return "pymart" in service["image"]


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    return service.get("environment", {})


def settings_read() -> set[str]:
    """Names in the modules that read the environment."""
    text = "".join(path.read_text() for path in (ROOT / "pymart").glob("*.py"))
    return set(re.findall(r"""(?:env\.\w+|environ\.get|_?text|_?required)\(\s*"([A-Z0-9_]+)\"""", text))


def required_settings() -> set[str]:
    """What production does not start without, by its own words."""
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DEBUG": "0"}
    command = [sys.executable, "-c", "import pymart.settings"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return set(re.findall(r"([A-Z_]+) is not set", done.stderr))


def tool(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    if not (TOOLS / name).exists():
        pytest.skip(f"{name} is not made for this kind of machine")
    return subprocess.run(
        [str(TOOLS / name), *arguments], cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": "/nowhere"} | environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_docker_compose_takes_the_file(name, tmp_path):
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    (tmp_path / name).write_text((ROOT / name).read_text())
    done = tool(
        "docker-compose", "--file", str(tmp_path / name), "--profile", "*", "config", "--quiet", **NEEDED
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", FILES)
def test_every_service_has_limits_and_every_lasting_one_a_health_check(name):
    for part, service in services(name).items():
        assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory", "pids"}, part
        check = service["healthcheck"]
        lasts = service.get("restart") != "no" and ("profiles" not in service or "restart" in service)
        assert ("test" in check) if lasts else check.get("disable"), part


@pytest.mark.parametrize("name", FILES)
def test_images_have_exact_versions(name):
    for part, service in services(name).items():
        if not is_of_the_shop(service):
            _, _, tag = service["image"].partition(":")
            assert re.fullmatch(r"v?\d+(\.\d+)*(-[a-z]+)?", tag), part


def test_in_production_only_the_proxy_has_ports_and_nothing_of_the_shop_can_be_written():
    for part, service in services(FILES[1]).items():
        assert bool(service.get("ports")) is (part == "proxy"), part
        assert service["cap_drop"] == ["ALL"], part
        if is_of_the_shop(service):
            assert service["read_only"], part
            assert "user" not in service, "the image says who"
    assert compose(FILES[1])["networks"]["inside"]["internal"]
    assert services(FILES[1])["postgres"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", FILES)
def test_the_settings_know_what_compose_sets(name):
    known = settings_read()
    for part, service in services(name).items():
        if is_of_the_shop(service):
            unknown = {word for word in environment_of(service) if word not in known and not OF_OTHERS.match(word)}
            assert not unknown, part


def test_what_production_needs_is_marked_in_the_example_and_known_to_compose():
    example = (ROOT / ".env.example").read_text()
    required = required_settings()
    marked = set(re.findall(r"^# \*.*\n(\w+)=", example, re.MULTILINE))
    assert len(required) > 5
    assert required <= marked
    built = dict(re.findall(r"^(\w+)=(.+)$", (ROOT / "deploy" / "build.env").read_text(), re.MULTILINE))
    assert required <= built.keys()
    in_file = set(re.findall(r"\$\{(\w+)", (ROOT / FILES[1]).read_text()))
    assert in_file <= set(re.findall(r"^#? ?(\w+)=", example, re.MULTILINE))


def test_production_is_checked_with_the_values_of_the_build():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "ENV_FILE": "deploy/build.env"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_same_python_and_the_same_servers_everywhere():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    jobs = workflow["jobs"]
    base = re.search(r"^FROM python:(3\.\d+)\.\d+-slim-\w+ AS base$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert base
    assert base[1] in jobs["test"]["strategy"]["matrix"]["python"]
    assert jobs["lint"]["steps"][1]["with"]["python-version"] == base[1]
    versions = {name: service["image"] for name, service in jobs["test"]["services"].items()}
    assert versions == {"postgres": "postgres:16", "redis": "redis:7", "elasticsearch": "elasticsearch:8.12.0"}
    for name in FILES:
        assert {part: services(name)[part]["image"] for part in versions} == versions
    assert workflow[True] == {"push": {"branches": ["main", "develop"]}, "pull_request": None}  # `on` is YAML for True
    assert (jobs["lint"]["needs"], jobs["build"]["needs"]) == ("test", "lint")


def test_the_pipeline_trusts_only_commits_it_names():
    for use in re.findall(r"uses: (.+)", (ROOT / ".github" / "workflows" / "ci.yml").read_text()):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", use)
    done = tool("zizmor", "--offline", "--no-progress", ".github")
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing():
    done = tool("hadolint", "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_caddy_takes_its_file_and_formats_it_the_same():
    file = "deploy/Caddyfile"
    done = tool("caddy", "validate", "--config", file, "--adapter", "caddyfile", **NEEDED)
    assert done.returncode == 0, done.stderr
    assert tool("caddy", "fmt", file).stdout == (ROOT / file).read_text()


@pytest.mark.parametrize("script", ["backup", "restore", "release"])
def test_scripts_can_be_run(script):
    file = ROOT / "deploy" / script
    assert os.access(file, os.X_OK)
    assert subprocess.run(["sh", "-n", str(file)], check=False).returncode == 0


def test_the_image_has_no_secrets_tests_or_history():
    sys.path.insert(0, str(ROOT / "deploy"))
    try:
        import try_dockerfile
    finally:
        sys.path.pop(0)
    files = set(map(str, try_dockerfile.context(".")))
    assert {"manage.py", "deploy/build.env", "pymart/settings.py", "static/css/tokens.css"} <= files
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for name in (".env", ".git/config", "tests/web.py", ".local/secret", "pymart/__pycache__/a.pyc", "backups/a.dump"):
        assert try_dockerfile.is_ignored(name, patterns), name
