# One machine needs Python 3.11+ and make, nothing else. `make help` lists the targets.
.POSIX:
PYTHON ?= python3
VENV = .venv
PY = $(VENV)/bin/python
DEBUG ?= 1
export DEBUG
WORKERS ?= 2
unexport DJANGO_SETTINGS_MODULE

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: .installed ## Start everything and print the address (PORT=8000, HOST=127.0.0.1).
	@exec $(PY) manage.py run
