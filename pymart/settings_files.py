"""What is set about files: pictures, which all the world may see, and those that only their owner may fetch."""

from pathlib import Path
from typing import Any

from pymart.environment import BASE_DIR, DEBUG, env, required, text

LOCAL_DIR = Path(text("LOCAL_DIR", str(BASE_DIR / ".local"))).absolute()  # what one machine keeps: data, logs, mail

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

MEDIA_URL = "/media/"
MEDIA_ROOT = Path(text("MEDIA_ROOT", str(LOCAL_DIR / "media")))
MEDIA_ORIGINS: list[str] = []  # where pictures come from, if not from this site
PRIVATE_ROOT = Path(text("PRIVATE_ROOT", str(LOCAL_DIR / "private")))
USE_LOCAL_STORAGE = env.bool("USE_LOCAL_STORAGE", default=DEBUG)
STORAGES: dict[str, dict[str, Any]] = {
    # Names have a UUID in them. To ask whether a file is there would cost a request for each on S3.
    "default": {"BACKEND": "pymart.common.storage.LocalStorage", "OPTIONS": {"allow_overwrite": True}},
    "private": {
        "BACKEND": "pymart.common.storage.LocalStorage",
        "OPTIONS": {
            "location": PRIVATE_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "pymart.common.staticfiles.StaticStorage"
    },
}
if not USE_LOCAL_STORAGE:
    _bucket = required("AWS_STORAGE_BUCKET_NAME", "the S3 bucket for pictures, or USE_LOCAL_STORAGE=1", debug="pymart")
    _region = text("AWS_S3_REGION_NAME", "ap-south-1")
    _endpoint = text("AWS_S3_ENDPOINT_URL", "").rstrip("/")  # of a server that is not Amazon's
    if _domain := text("AWS_S3_CUSTOM_DOMAIN", ""):
        _address = f"https://{_domain}"
    elif _endpoint:
        _address = f"{_endpoint}/{_bucket}"
    else:
        _address = f"https://{_bucket}.s3.{_region}.amazonaws.com"
    _scheme, _, _host = _address.partition("//")
    MEDIA_ORIGINS.append(f"{_scheme}//{_host.partition('/')[0]}")
    _s3 = {
        "bucket_name": _bucket,
        "region_name": _region,
        "endpoint_url": _endpoint or None,
        "access_key": text("AWS_ACCESS_KEY_ID", "") or None,  # else what the machine's role gives
        "secret_key": text("AWS_SECRET_ACCESS_KEY", "") or None,
        "signature_version": "s3v4",
        "addressing_style": "path" if _endpoint else "virtual",
    }
    STORAGES["default"] = {
        "BACKEND": "pymart.common.s3.S3Storage",
        "OPTIONS": {
            **_s3,
            "custom_domain": _host,
            "url_protocol": _scheme,
            "querystring_auth": False,
            "file_overwrite": True,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }
    STORAGES["private"] = {
        "BACKEND": "pymart.common.s3.S3Storage",
        "OPTIONS": {
            **_s3,
            "location": "private",
            "custom_domain": None,
            "querystring_auth": True,
            "querystring_expire": 300,
            "max_memory_size": 4 * 1024 * 1024,  # what is read beyond that waits in a file of this machine
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "private, no-store"},
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644
