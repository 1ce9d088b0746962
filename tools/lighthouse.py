"""
`make lighthouse`: scores and weights of the pages that shoppers see most, as Lighthouse measures them for a phone,
against the budgets. Lighthouse comes from npm into `.local/lighthouse` and drives the Chromium that is installed.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pymart import embedded
from tools.production import browser, buyer, first_product, production

VERSION = "12.8.2"  # the last that runs on Node 18 and 20
FOLDER = embedded.LOCAL / "lighthouse"
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SHOP_WINDOW = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
NOT_FOR_ROBOTS = {
    "performance": 95,
    "accessibility": 100,
    "best-practices": 100,
}  # which Lighthouse holds against a page
ATTEMPTS = 3
CODE_KB, ALL_KB, SHIFT = 60, 300, 0.02  # of a first view: HTML, CSS and JS; everything; cumulative layout shift
CODE = ("Document", "Stylesheet", "Script")
LIGHT = ("home", "category", "product")


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    cookies: str
    budget: dict[str, int]


@dataclass(frozen=True)
class Result:
    scores: dict[str, int]
    code_kb: float
    all_kb: float
    shift: float
    strangers: list[str]  # hosts that are not ours
    failed: list[str]  # audits

    def complaints(self, page: Page) -> list[str]:
        found = [
            f"{name} {self.scores[name]} < {least}" for name, least in page.budget.items() if self.scores[name] < least
        ]
        if page.name in LIGHT:
            found += [f"{self.code_kb:.0f} KB of HTML, CSS and JS"] * (self.code_kb > CODE_KB)
            found += [f"{self.all_kb:.0f} KB with pictures"] * (self.all_kb > ALL_KB)
        found += [f"layout shift {self.shift:.3f}"] * (self.shift > SHIFT)
        return found + [f"asks {host}" for host in self.strangers]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3, help="the median counts (3)")
    options.add_argument("--pages", nargs="*", help="some of home, category, product, cart, search, order")
    chosen = options.parse_args()
    install()
    is_well = True
    with production() as shop:
        print(f"{'page':<10}{''.join(f'{name:>16}' for name in CATEGORIES)}{'code KB':>10}{'all KB':>9}{'shift':>8}")
        for page in pages(shop):
            if chosen.pages and page.name not in chosen.pages:
                continue
            result = median([measure(shop, page) for _ in range(chosen.runs)])
            scores = "".join(f"{result.scores[name]:>16}" for name in CATEGORIES)
            print(
                f"{page.name:<10}{scores}{result.code_kb:>10.1f}{result.all_kb:>9.1f}{result.shift:>8.3f}", flush=True
            )
            for complaint in result.complaints(page):
                is_well = False
                print(f"  over budget: {complaint}")
            for audit in result.failed:
                print(f"  {audit}")
    print("All pages are within their budgets." if is_well else "Not all pages are within their budgets.")
    return 0 if is_well else 1


def install() -> None:
    if shutil.which("npm") is None or chromium() is None:
        raise SystemExit("This takes Node 18 or newer, npm and Chromium: sudo apt-get install nodejs npm chromium")
    if not PROGRAM.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"Installing lighthouse {VERSION} into {FOLDER} ...", flush=True)
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--silent",
            "--prefix",
            str(FOLDER),
            f"lighthouse@{VERSION}",
        ]
        subprocess.run(command, check=True)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pages(shop: str) -> list[Page]:
    product = first_product(shop)
    guest, person = browser(shop), buyer(shop)
    category = _first(guest.get("/")[1], "/c/")
    _, page = guest.get(product)
    guest.post("/cart/add/", variant=_value(page, "variant"), quantity="1")
    order = re.findall(r'href="(/orders/PM-\w+/)"', person.get("/orders/")[1])[0]
    return [
        Page("home", "/", "", SHOP_WINDOW),
        Page("category", category, "", SHOP_WINDOW),
        Page("product", product, "", SHOP_WINDOW),
        Page("cart", "/cart/", guest.header, SHOP_WINDOW),
        Page("search", "/search/?q=lamp", "", NOT_FOR_ROBOTS),
        Page("order", order, person.header, NOT_FOR_ROBOTS),
    ]


def _first(html: str, beginning: str) -> str:
    return beginning + html.split(f'href="{beginning}', 1)[1].split('"', 1)[0]


def _value(html: str, field: str) -> str:
    """Of the first field of that name."""
    return html.split(f'name="{field}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def measure(shop: str, page: Page) -> Result:
    report = FOLDER / f"{page.name}.json"
    command = [
        str(PROGRAM), f"{shop}{page.path}", "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    if page.cookies:
        command.append(f"--extra-headers={json.dumps({'Cookie': page.cookies})}")
    for left in reversed(range(ATTEMPTS)):  # now and then Chromium does not tell when it set out (NO_NAVSTART)
        done = subprocess.run(command, check=not left, env=os.environ | {"CHROME_PATH": str(chromium())})
        if not done.returncode:
            break
    return read(json.loads(report.read_text()), urlsplit(shop).netloc)


def read(report: dict[str, Any], own: str) -> Result:
    if error := report.get("runtimeError", {}).get("message"):
        raise SystemExit(f"Lighthouse: {error}")
    requests = [
        row for row in report["audits"]["network-requests"]["details"]["items"] if row["url"].startswith("http")
    ]
    code = sum(row.get("transferSize", 0) for row in requests if row.get("resourceType") in CODE)
    failed = [
        f"{name}: {report['audits'][entry['id']]['title']}"
        for name in CATEGORIES[1:]
        for entry in report["categories"][name]["auditRefs"]
        if entry["weight"] and (score := report["audits"][entry["id"]]["score"]) is not None and score < 1
    ]
    return Result(
        scores={name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES},
        code_kb=code / 1024,
        all_kb=sum(row.get("transferSize", 0) for row in requests) / 1024,
        shift=report["audits"]["cumulative-layout-shift"]["numericValue"],
        strangers=sorted({urlsplit(row["url"]).netloc for row in requests} - {own}),
        failed=failed,
    )


def median(results: list[Result]) -> Result:
    """The run in the middle by speed."""
    middle = statistics.median_low(result.scores["performance"] for result in results)
    return next(result for result in results if result.scores["performance"] == middle)


if __name__ == "__main__":
    sys.exit(main())
