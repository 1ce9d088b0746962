"""
`make scan`: wapiti attacks the shop as production runs it, as a passer-by and as a buyer, for some minutes each. It
comes from PyPI into `.local/wapiti`; its reports stay there. Ends with 1 if it finds anything.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from pymart import embedded
from tools.production import buyer, first_product, production

VERSION = "3.2.3"
FOLDER = embedded.LOCAL / "wapiti"
PROGRAM = FOLDER / "bin" / "wapiti"
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,timesql,upload,xss,xxe,backup,"
    "htaccess,information_disclosure,inconsistent_redirection"
)
ENDS_THE_SESSION = ("/account/logout/", "/account/sessions/end/", "/account/password/")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=int, default=5, help="for each of the two (5)")
    minutes = options.parse_args().minutes
    install()
    found = 0
    with production(SEARCHES_PER_MINUTE="100000", API_READS_PER_MINUTE="100000") as shop:
        starts = [f"{shop}{path}" for path in ("/search/?q=lamp", first_product(shop), "/cart/", "/account/login/")]
        for who, cookies in (("passer-by", ""), ("buyer", buyer(shop).header)):
            report = scan(shop, who, starts, cookies, minutes)
            found += tell(who, report)
    return 1 if found else 0


def install() -> None:
    if not PROGRAM.exists():
        print(f"Installing wapiti {VERSION} into {FOLDER} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        subprocess.run([str(FOLDER / "bin" / "pip"), "install", "--quiet", f"wapiti3=={VERSION}"], check=True)


def scan(shop: str, who: str, starts: list[str], cookies: str, minutes: int) -> dict[str, Any]:
    report = FOLDER / f"{who}.json"
    command = [
        str(PROGRAM), "--url", f"{shop}/", "--scope", "domain", "--module", MODULES, "--flush-session",
        "--no-bugreport",
        "--max-scan-time", str(minutes * 60), "--max-attack-time", "60", "--max-links-per-page", "40", "--depth", "3",
        "--skip", "csrfmiddlewaretoken", "--format", "json", "--output", str(report), "--verbose", "0",
        "--store-session", str(FOLDER / "sessions"), "--tasks", "4",
    ]  # fmt: skip
    for start in starts:
        command += ["--start", start]
    for path in ENDS_THE_SESSION if cookies else ():
        command += ["--exclude", f"{shop}{path}"]
    if cookies:
        command += ["--header", f"Cookie: {cookies}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def tell(who: str, report: dict[str, Any]) -> int:
    """How many findings there are."""
    rows = [
        f"  {kind}: {row['method']} {row['path']} {row['parameter'] or ''} {row['info']}"
        for group in ("vulnerabilities", "anomalies")
        for kind, found in report[group].items()
        for row in found
    ]
    pages = report["infos"].get("crawled_pages_nbr", "?")
    print(f"As a {who}: {pages} pages, {len(rows)} finding{'' if len(rows) == 1 else 's'}", *rows, sep="\n", flush=True)
    return len(rows)


if __name__ == "__main__":
    sys.exit(main())
