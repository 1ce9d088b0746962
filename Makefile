# One machine needs Python 3.11+ and make, nothing else. `make help` lists the targets.
PYTHON ?= python3
VENV = .venv
PY = $(VENV)/bin/python
WORKERS ?= 2

DEBUG ?= 1
export DEBUG
# tests set it themselves, after they have started their servers
unexport DJANGO_SETTINGS_MODULE

# the type checker's Django plugin reads the settings but connects to nothing
NO_SERVERS = DATABASE_URL=postgres://localhost/none REDIS_URL=redis://localhost

SCHEMA = $(PY) manage.py spectacular --format openapi-json --validate --fail-on-warn

# words named "password" are ruff's business; `user:password` stands in examples
SECRETS = $(VENV)/bin/detect-secrets-hook --no-verify --disable-plugin KeywordDetector --exclude-secrets '^(password|pymart)$$'

TEMPLATES = $(wildcard templates */templates */*/templates)

# Installs a requirements file unless exactly this one was the last; the copies tell. One for development contains
# the other.
define install
	@cmp -s $(1) $(VENV)/.installed-$(1) || { \
		echo "Installing $(1) into $(VENV) (a minute or two, once) ..."; \
		rm -f $(VENV)/.installed-*; \
		$(PY) -m pip install --quiet --disable-pip-version-check --requirement $(1) && \
		for file in $(1) $(2); do cp $$file $(VENV)/.installed-$$file; done; \
	}
endef

.PHONY: help run search-engine test check fmt shell seed openapi bench-api load drill fuzz a11y lighthouse scan audit lock clean venv deps deps-dev
.DEFAULT_GOAL = help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: deps ## Start everything and print the address (PORT=8000 HOST=127.0.0.1)
	@exec $(PY) manage.py run

search-engine: deps ## Run a real search engine for development (OpenSearch from Maven Central; needs Java and Maven)
	@exec $(PY) -m tools.search_engine $(ARGS)

test: deps-dev ## Run the whole test suite (ARGS="-k cart" to choose, WORKERS=2)
	@exec $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: deps-dev ## Everything CI checks before the tests: style, types, import contracts, migrations, templates
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(NO_SERVERS) $(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check --fail-level WARNING
	$(SCHEMA) | cmp openapi.json - || \
		{ echo "openapi.json is not what the code says: run make openapi and look at the difference."; exit 1; }
	find $(TEMPLATES) -name '*.html' | xargs -r $(VENV)/bin/djade --check --target-version 5.2
	find $(TEMPLATES) -name '*.html' | xargs -r $(VENV)/bin/djlint --lint --quiet
	for version in 3.11 3.12 3.13; do $(PY) -m uv pip install --quiet --dry-run --target .local/none --only-binary :all: \
		--python-version $$version -r requirements-dev.txt || exit; done  # each has wheels of all packages

fmt: deps-dev ## Format code and templates
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	-find $(TEMPLATES) -name '*.html' | xargs -r $(VENV)/bin/djade --target-version 5.2

shell: deps ## Open a Python prompt with the models imported
	@exec $(PY) manage.py shell

seed: deps ## Add the demo sellers, products and orders (ARGS="--products 100000" for a large catalogue)
	@exec $(PY) manage.py seed $(ARGS)

openapi: deps-dev ## Write openapi.json, which the tests compare with the code
	$(SCHEMA) > openapi.json.new && mv openapi.json.new openapi.json

bench-api: deps-dev ## Measure the API (ARGS="--help"; REFERENCE=<folder of run_peers.py> to measure both in turn)
ifdef REFERENCE
	cd $(REFERENCE) && PYTHON=$$($(CURDIR)/$(PY) -c 'import sys; print(sys._base_executable)') \
		./run_peers.sh --peers async_stack/peer.py $(CURDIR)/bench/peer.py $(ARGS)
else
	@exec $(PY) bench/api.py $(ARGS)
endif

load: deps-dev ## Let shoppers in for ten minutes and see what it takes (ARGS="--minutes 10 --rate 20")
	@exec $(PY) bench/mixed.py $(ARGS)

drill: deps-dev ## Let the parts of the shop die one after the other while people shop (ARGS="--only redis")
	@exec $(PY) bench/drill.py $(ARGS)

fuzz: deps-dev ## Try the API against its own description, at length (ARGS="--max-examples 500 --seed 1", ROLE=buyer)
	FUZZ="$(or $(ARGS),--max-examples=100)" $(PY) -m pytest -n 0 -s -q tests/fuzz $(if $(ROLE),-k $(ROLE))

a11y: deps-dev ## Look on every page for what shuts people out, with axe: light and dark, 360 and 1280 px wide
	A11Y=all $(PY) -m pytest -n 0 -q -m browser -k "shuts_anybody_out" tests/journeys $(ARGS)

lighthouse: deps-dev ## Measure the main pages against their budgets, as in production (needs Node, npm, Chromium; ARGS="--runs 1")
	@exec $(PY) -m tools.lighthouse $(ARGS)

scan: deps-dev ## Attack the shop with wapiti, as in production, as passer-by, buyer and seller (ARGS="--minutes 2")
	@exec $(PY) -m tools.scan $(ARGS)

audit: deps-dev ## Look for known holes in the pinned packages (asks PyPI) and for secrets in the files
	git ls-files -z -- ':!requirements*.txt' ':!openapi.json' ':!static' ':!*.avif' ':!*.jpg' ':!*.png' | xargs -0 $(SECRETS)
	$(VENV)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt -r requirements-dev.txt

lock: deps-dev ## Pin requirements*.in into requirements*.txt
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements.in -o requirements.txt --custom-compile-command "make lock"
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements-dev.in -c requirements.txt -o requirements-dev.txt --custom-compile-command "make lock"

clean: ## Delete .local (the demo's data, logs and mail) and all caches
	@! test -x $(PY) || $(PY) -m pymart.embedded
	rm -rf .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage htmlcov staticfiles
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

deps: venv
	$(call install,requirements.txt)

deps-dev: venv
	$(call install,requirements-dev.txt,requirements.txt)

venv:
	@if $(PY) -c 'import pip' 2>/dev/null; then exit 0; fi; \
	if ! command -v $(PYTHON) >/dev/null; then \
		echo "PyMart needs Python 3.11 or newer and finds no $(PYTHON): sudo apt-get install python3 python3-venv"; exit 1; \
	fi; \
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "PyMart needs Python 3.11 or newer; $$($(PYTHON) --version) is too old. Name another: make PYTHON=python3.12 ..."; exit 1; \
	fi; \
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "This Python cannot make virtual environments: sudo apt-get install python3-venv"; exit 1; \
	fi; \
	$(PYTHON) -m venv --clear $(VENV)
