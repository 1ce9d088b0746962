"""`python -m tools.search_engine` runs the engine until Ctrl-C; with `fetch`, or `reachable`, it does only that."""

import os
import sys
import threading

from pymart import embedded
from tools.search_engine.engine import NODE_CLASS, NoEngine, SearchEngine, fetch, is_reachable


def main(what: str) -> None:
    if what == "reachable":
        raise SystemExit(0 if is_reachable() else "Maven Central is out of reach.")
    try:
        fetch()
        if what == "fetch":
            return
        os.environ.pop("ELASTICSEARCH_URL", None)
        folder = embedded.LOCAL / "engine"
        embedded.keep(folder, [SearchEngine(folder)])
    except NoEngine as error:
        raise SystemExit(str(error)) from error
    print("The engine runs until Ctrl-C. The shop uses it with these lines in .env, after manage.py search_reindex:")  # noqa: T201
    print(f"ELASTICSEARCH_URL={os.environ['ELASTICSEARCH_URL']}\nELASTICSEARCH_NODE_CLASS={NODE_CLASS}", flush=True)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("Stopping.")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
