"""
`make scan`: wapiti attacks the shop as production runs it, as a passer-by, as a buyer and as a seller, for some minutes
each. It comes from PyPI into `.local/wapiti`; its reports stay there. Ends with 1 if it finds anything, or if a request
of its made the shop fail.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from pymart import embedded
from tools.production import ACCESS_LOG, Browser, browser, buyer, first_product, production, seller

VERSION = "3.2.3"
FOLDER = embedded.LOCAL / "wapiti"
PROGRAM = FOLDER / "bin" / "wapiti"
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,timesql,upload,xss,xxe,backup,"
    "htaccess,information_disclosure,inconsistent_redirection"
)
# The first three end the session, the others are what the passer-by sees.
NOT_FOR_MEMBERS = ("/account/logout/*", "/account/sessions/end/*", "/account/password/*", "/c/*", "/search/*", "/docs*")
OVER_PLAIN_HTTP = "Secure Flag cookie"  # `tests/project/test_threats.py` holds every cookie to it with https
NOT_THE_SHOP = ("/sandbox/*", "/media/*", "/static/*")  # the first is not there in production
RATES = ("SEARCHES_PER_MINUTE", "API_WRITES_PER_MINUTE", "REVIEWS_PER_HOUR")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=5, help="for each of the three (5)")
    options.add_argument("--only", default="", help="passer-by, buyer or seller")
    asked = options.parse_args()
    install()
    found = 0
    with production(**dict.fromkeys(RATES, "1000000")) as shop:
        product = first_product(shop)
        public = ["/search/?q=lamp", product, "/cart/", "/account/login/", "/account/register/"]
        own = ["/account/", "/account/addresses/", "/orders/", "/cart/", "/checkout/", "/wishlist/", product]
        selling = ["/seller/", "/seller/products/", "/seller/products/new/", "/seller/orders/", "/seller/figures/"]
        passes = (
            ("passer-by", browser(shop), public, ""),
            ("buyer", buyer(shop), own, "/account/"),
            ("seller", seller(shop), selling, "/seller/"),
        )
        for who, person, starts, home in passes:
            if asked.only in who:
                found += attack(who, person, starts, home, asked.minutes)
    return 1 if found else 0


def install() -> None:
    if not PROGRAM.exists():
        print(f"Installing wapiti {VERSION} into {FOLDER} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        subprocess.run([str(FOLDER / "bin" / "pip"), "install", "--quiet", f"wapiti3=={VERSION}"], check=True)


def attack(who: str, person: Browser, starts: list[str], home: str, minutes: float) -> int:
    """
    How many findings there are.

    :param home: a page for those alone who are logged in: a session that has ended does not come back.
    """
    before, started = ACCESS_LOG.stat().st_size, time.monotonic()
    report = scan(who, person, starts, minutes)
    passed = (time.monotonic() - started) / 60
    if home and urlsplit(person.get(home)[0]).path != home:
        raise SystemExit(f"The {who} was logged out in the middle of it.")
    with ACCESS_LOG.open() as log:
        log.seek(before)
        requests = [json.loads(line) for line in log]
    return tell(who, report, requests, passed)


def scan(who: str, person: Browser, starts: list[str], minutes: float) -> dict[str, Any]:
    shop, report = person.shop, FOLDER / f"{who}.json"
    each = minutes * 60 / (MODULES.count(",") + 1)
    command = [
        str(PROGRAM), "--url", f"{shop}/", "--scope", "domain", "--module", MODULES, "--flush-session",
        "--no-bugreport",
        "--max-scan-time", str(minutes * 60), "--max-attack-time", str(each), "--max-links-per-page", "40",
        "--depth", "1",
        "--skip", "csrfmiddlewaretoken", "--format", "json", "--output", str(report), "--verbose", "1",
        "--store-session", str(FOLDER / "sessions"), "--tasks", "2",
    ]  # fmt: skip
    for start in starts:
        command += ["--start", f"{shop}{start}"]
    for path in (*NOT_THE_SHOP, *(NOT_FOR_MEMBERS if person.header else ())):
        command += ["--exclude", f"{shop}{path}"]
    if person.header:
        command += ["--header", f"Cookie: {person.header}"]
    with (FOLDER / f"{who}.log").open("wb") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def tell(who: str, report: dict[str, Any], requests: list[dict[str, Any]], minutes: float) -> int:
    rows = [
        f"  {kind}: {row['method']} {row['path']} {row['parameter'] or ''} {row['info']}"
        for group in ("vulnerabilities", "anomalies")
        for kind, found in report[group].items()
        if kind != OVER_PLAIN_HTTP
        for row in found
    ]
    asked = [(row["request"]["method"], urlsplit(row["request"]["uri"]).path, row["status"]) for row in requests]
    failed = Counter(f"  {status}: {method} {path}" for method, path, status in asked if status >= 500)
    rows += [f"{what} ({count} times)" for what, count in failed.items()]
    areas = Counter(path.split("/")[1] or "the home page" for _, path, _ in asked)
    statuses = Counter(f"{status // 100}xx" for *_, status in asked)
    pages = report["infos"].get("crawled_pages_nbr", "?")
    print(f"As a {who}: {pages} pages, {len(asked):,} requests in {minutes:.1f} minutes, {len(rows)} findings")
    for counts in (statuses, Counter(method for method, *_ in asked), areas):
        print("  " + ", ".join(f"{name} {count:,}" for name, count in counts.most_common(15)))
    print(*rows, sep="\n", flush=True)
    return len(rows)


if __name__ == "__main__":
    sys.exit(main())
