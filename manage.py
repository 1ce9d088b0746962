#!/usr/bin/env python
"""Django's command line. With `DEBUG` on it brings up PostgreSQL and Redis where no URL names others."""

import os
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
    env = environ.Env()
    env.read_env(env.str("ENV_FILE", default=str(Path(__file__).with_name(".env"))))
    if env.bool("DEBUG", default=False):
        from pymart import embedded

        try:
            embedded.provide()
        except embedded.ProcessError as error:
            sys.exit(str(error))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # the settings say what is missing, a traceback would not
        sys.exit(str(error))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
