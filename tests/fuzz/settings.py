"""The shop's settings, with passwords that cost little: else most of the time would go into hashing them."""

from pymart.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405
