"""
The settings: everything that differs between machines comes from the environment (`pymart.environment`,
`.env.example`). Those of the API, of files, and of Redis with Celery have modules of their own.
"""

import base64
import hashlib
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pymart.environment import BASE_DIR, DEBUG, env
from pymart.environment import missing as _missing
from pymart.environment import required as _required
from pymart.environment import text as _text
from pymart.settings_api import *  # noqa: F403
from pymart.settings_api import CORS_ALLOWED_ORIGINS
from pymart.settings_files import *  # noqa: F403
from pymart.settings_files import LOCAL_DIR, MEDIA_ORIGINS
from pymart.settings_redis import *  # noqa: F403
from pymart.settings_redis import CELERY_BEAT_SCHEDULE

# --- The site ---------------------------------------------------------------------------------------------------
SECRET_KEY = _required("SECRET_KEY", "a long random string that signs sessions", debug="insecure-on-one-machine-only")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The first encrypts what is kept encrypted (bank accounts); all of them decrypt.
DATA_KEYS = [
    _required(
        "DATA_KEY",
        "encrypts bank accounts; make one with `openssl rand -base64 32 | tr '+/' '-_'`",
        debug=base64.urlsafe_b64encode(b"insecure-on-one-machine-only....").decode(),
    ),
    *env.list("DATA_KEY_FALLBACKS", default=[]),
]
try:
    list(map(Fernet, filter(None, DATA_KEYS)))
except ValueError:
    _missing.append("DATA_KEY or one of DATA_KEY_FALLBACKS is no key: 32 bytes in URL-safe base64 are.")
SITE_URL = _required("SITE_URL", "the public address, such as https://shop.example", debug="http://127.0.0.1:8000")
SITE_URL = SITE_URL.rstrip("/")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [_site.hostname or "localhost"]
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # networks whose X-Forwarded-For is believed

MARKETPLACE = {
    "name": _text("MARKETPLACE_NAME", "PyMart"),
    "legal_name": _text("MARKETPLACE_LEGAL_NAME", "PyMart Demo Marketplace Pvt Ltd"),
    "address": _text("MARKETPLACE_ADDRESS", "14 Residency Road, Bengaluru 560025, Karnataka"),
    "support_email": _text("MARKETPLACE_SUPPORT_EMAIL", "care@pymart.test"),
    "support_phone": _text("MARKETPLACE_SUPPORT_PHONE", "+91 80 4000 0000"),
    "grievance_name": _text("MARKETPLACE_GRIEVANCE_NAME", "Meera Nair"),
    "grievance_email": _text("MARKETPLACE_GRIEVANCE_EMAIL", "grievance@pymart.test"),
    "grievance_phone": _text("MARKETPLACE_GRIEVANCE_PHONE", "+91 80 4000 0001"),
}
SECURITY_CONTACT = _text("SECURITY_CONTACT", f"mailto:{MARKETPLACE['grievance_email']}")  # who hears of holes
SHIPPING_FEE = Decimal(_text("SHIPPING_FEE", "49.00"))  # rupees, flat, per seller in an order
FREE_SHIPPING_FROM = Decimal(_text("FREE_SHIPPING_FROM", "499.00"))  # rupees, per seller in an order
ORDER_EXPIRY_MINUTES = env.int("ORDER_EXPIRY_MINUTES", default=30)
SEARCHES = (env.int("SEARCHES_PER_MINUTE", default=600), 60)  # per person, or per client IP, which many may share
REVIEW_ATTEMPTS = (env.int("REVIEWS_PER_HOUR", default=20), 3600)  # written or changed, per person
CART_TTL_DAYS = 30
CART_MAX_QUANTITY = 10  # pieces of one variant in one cart
CART_MAX_LINES = 100  # variants in one cart: a checkout locks them all

# --- Apps and requests --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",
    "pymart.staff.apps.StaffAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "channels",
    "csp",
    "django_htmx",
    "template_partials",
    "django_celery_results",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework_simplejwt.token_blacklist",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pymart",
    "pymart.common",
    "accounts",
    "catalog",
    "cart",
    "orders",
    "payments",
    "reviews",
]
MIDDLEWARE = [
    "pymart.common.http_metrics.RequestMetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pymart.common.middleware.RequestIdMiddleware",
    "pymart.common.api.caching.KeptAnswers",
    "pymart.common.middleware.PagesMiddleware",
]
if CORS_ALLOWED_ORIGINS:
    MIDDLEWARE.insert(-2, "corsheaders.middleware.CorsMiddleware")  # what it says of an origin is not kept
# What pages need and the API does not, which knows no sessions, forms or HTML: half of the cost of a short answer.
PAGES_MIDDLEWARE = [
    "pymart.common.middleware.PageHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pymart.common.middleware.DomainErrorMiddleware",
    "accounts.middleware.DeviceMiddleware",
]
# The admin looks for sessions, log-in and messages in MIDDLEWARE, and finds them in PAGES_MIDDLEWARE; so does the
# deployment check for CSRF and clickjacking.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410", "security.W002", "security.W003"]
ROOT_URLCONF = "pymart.urls"
WSGI_APPLICATION = "pymart.wsgi.application"
ASGI_APPLICATION = "pymart.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pymart.common.context_processors.site",
                "accounts.context_processors.notifications",
                "catalog.context_processors.menu",
                "cart.context_processors.cart",
            ],
        },
    }
]

# --- PostgreSQL ---------------------------------------------------------------------------------------------------
_database_url = _required("DATABASE_URL", "PostgreSQL, such as postgres://user:password@host/name", debug="")
DATABASES = {"default": env.db_url_config(_database_url) if _database_url else {}}
if _database_url:
    _pool_size = env.int("DATABASE_POOL_SIZE", default=20)  # connections a process holds at most; 0: no pool
    DATABASES["default"]["ENGINE"] = "pymart.common.postgresql"
    DATABASES["default"].setdefault("OPTIONS", {})
    # Statements that are prepared (`pymart.common.db.prepared_cursor`) are to be planned once, not weighed every time.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan")
    if _pool_size:
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": _pool_size,
            # When PostgreSQL is away, requests give up before they hold every thread, and the first one after it is
            # back finds it: the pool would try at growing intervals of up to minutes.
            "timeout": 3,
            "reconnect_timeout": 2,
        }
elif DEBUG:
    _missing.append("DATABASE_URL is not set: start through `make` or `manage.py`, which bring up PostgreSQL.")

# --- Search: PostgreSQL answers alone where no Elasticsearch is named, and stands in when it is away -----------------
ELASTICSEARCH_URL = _text("ELASTICSEARCH_URL", "")
ELASTICSEARCH_NODE_CLASS = _text("ELASTICSEARCH_NODE_CLASS", "")  # of the HTTP client, where not the usual one
SEARCH_INDEX = _text("SEARCH_INDEX", "products")  # an alias; its indexes are called products-<when>
SEARCH_TIMEOUT = env.float("SEARCH_TIMEOUT", default=0.8)  # seconds until PostgreSQL is asked instead
SEARCH_WEIGHTS = {"title": 3, "tags": 2, "brand": 2, "category": 1.5, "keywords": 1, "description": 1}
if ELASTICSEARCH_URL:
    CELERY_BEAT_SCHEDULE["sync-search"] = {
        "task": "catalog.tasks.sync_search",
        "schedule": 1,
        "options": {"expires": 5},  # else they would pile up while no worker runs
    }

# --- Who is who ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.sessions"  # cached_db, and each row knows its user
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "catalog:home"
LOGOUT_REDIRECT_URL = "catalog:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60
# Attempts, seconds (`accounts.services.guessing`): per browser that the account knows; of strangers per client IP that
# many phones of one network may share, over every way to log in; per IP and account; on one account from anywhere.
LOGIN_ATTEMPTS = (env.int("LOGINS_PER_MINUTE", default=5), 60)
GUESSES = {
    "login": {"device": (10, 600), "address": LOGIN_ATTEMPTS, "pair": (20, 3600), "strangers": (100, 3600)},
    "second-factor": {"device": (5, 600), "pair": (5, 600), "strangers": (20, 3600)},
}
STAFF_SECOND_FACTOR = (
    _text("STAFF_SECOND_FACTOR", "0" if DEBUG else "1") == "1"
)  # staff who have none must set it up first
OTP_TOTP_ISSUER = f"{MARKETPLACE['name']} staff"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # counted by us
REGISTER_ATTEMPTS = (env.int("REGISTRATIONS_PER_HOUR", default=20), 3600)
PASSWORD_RESET_ATTEMPTS = (5, 600)

# --- Tokens of the API --------------------------------------------------------------------------------------------


def _jwt_key(secret: str) -> str:
    """Another key for another purpose, of the length that HS256 wants."""
    return hashlib.sha256(f"pymart.jwt:{secret}".encode()).hexdigest()


# The first signs; all of them verify.
JWT_KEYS = [
    _text("JWT_SIGNING_KEY", _jwt_key(SECRET_KEY)),
    *filter(None, [env.str("JWT_SIGNING_KEY_PREVIOUS", default="")]),
    *map(_jwt_key, SECRET_KEY_FALLBACKS),
]
if len(JWT_KEYS[0]) < 32:
    _missing.append("JWT_SIGNING_KEY is too short: it takes a random string of 32 characters or more.")
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_KEYS[0],
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=30),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "USER_ID_CLAIM": "sub",
}

# --- Payments -----------------------------------------------------------------------------------------------------
RAZORPAY_KEY_ID = _required("RAZORPAY_KEY_ID", "the Razorpay API key id", debug="rzp_test_PyMartSandbox1")
RAZORPAY_KEY_SECRET = _required("RAZORPAY_KEY_SECRET", "the Razorpay API key secret", debug="sandbox-key-secret")
RAZORPAY_WEBHOOK_SECRET = _required(
    "RAZORPAY_WEBHOOK_SECRET", "the secret typed at Razorpay's webhook page", debug="sandbox-webhook-secret"
)
RAZORPAY_WEBHOOK_SECRET_PREVIOUS = env.str("RAZORPAY_WEBHOOK_SECRET_PREVIOUS", default="")
RAZORPAY_TIMEOUT = env.int("RAZORPAY_TIMEOUT", default=8)  # seconds
# The sandbox answers where no key of Razorpay's is given; with DEBUG off it must be asked for.
RAZORPAY_SANDBOX = env.bool("RAZORPAY_SANDBOX", default=False) or (DEBUG and not _text("RAZORPAY_KEY_ID", ""))
RAZORPAY_BASE_URL = "https://api.razorpay.com"
RAZORPAY_CHECKOUT_JS = "https://checkout.razorpay.com/v1/checkout.js"
if RAZORPAY_SANDBOX:
    INSTALLED_APPS.append("payments.sandbox")
    RAZORPAY_BASE_URL = f"{SITE_URL}/sandbox/razorpay"
    RAZORPAY_CHECKOUT_JS = "/sandbox/razorpay/v1/checkout.js"
    RAZORPAY_SANDBOX_WEBHOOK_URL = _text("RAZORPAY_SANDBOX_WEBHOOK_URL", f"{SITE_URL}/api/v1/orders/webhook")
    CELERY_BEAT_SCHEDULE["sandbox-deliver-webhooks"] = {"task": "sandbox.deliver_webhooks", "schedule": 5}
elif not DEBUG and RAZORPAY_KEY_ID.startswith("rzp_test_"):
    _missing.append("RAZORPAY_KEY_ID is a test key: set the live key, or RAZORPAY_SANDBOX=1 for a trial.")

# --- E-mail -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = _text("DEFAULT_FROM_EMAIL", "PyMart <orders@pymart.test>")
RESEND_API_KEY = _required("RESEND_API_KEY", "the key of the Resend account that sends mail", debug="")
RESEND_API_URL = _text("RESEND_API_URL", "https://api.resend.com")
EMAIL_HOST = _text("EMAIL_HOST", "")  # with DEBUG on and without Resend: a program that catches mails and shows them
EMAIL_PORT = env.int("EMAIL_PORT", default=1025)
EMAIL_TIMEOUT = 5  # seconds
if RESEND_API_KEY:
    EMAIL_BACKEND = "accounts.mailer.ResendBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "accounts.mailer.FileBackend"
EMAIL_FILE_PATH = LOCAL_DIR / "mail"

# --- Time and words -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-in"
TIME_ZONE = "Asia/Kolkata"
USE_I18N = False
USE_TZ = True

# --- Security -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MEDIA_ORIGINS],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}
_NOBODY = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in _NOBODY),
        'payment=(self "https://api.razorpay.com" "https://checkout.razorpay.com")',
    ]
)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # scripts get the token from the page
CSRF_FAILURE_VIEW = "pymart.views.csrf_failure"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=_site.scheme == "https")
    SECURE_REDIRECT_EXEMPT = [r"^health$", r"^live$", r"^metrics$"]  # asked from inside, where there is no TLS
    if TRUSTED_PROXIES:  # else a client could say so itself
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.scheme == "https"

# --- Watching -----------------------------------------------------------------------------------------------------
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=[]) or ["127.0.0.0/8", "::1/128"]  # may read /metrics
RELEASE = _text("PYMART_VERSION", "")
SENTRY_DSN = _text("SENTRY_DSN", "")  # when empty nothing is reported
if SENTRY_DSN:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("pymart.common.middleware.RequestIdMiddleware") + 1, "pymart.sentry.TagMiddleware"
    )
SENTRY_ENVIRONMENT = _text("SENTRY_ENVIRONMENT", "development" if DEBUG else "production")
SENTRY_TRACES = env.float("SENTRY_TRACES", default=0.0)  # share of requests that are measured there
SLOW_STATEMENT_SECONDS = env.float("SLOW_STATEMENT_SECONDS", default=0.5)  # of the database, are logged; 0: none
LEAVING_FILE = _text("LEAVING_FILE", "")  # exists while this process is about to stop; set by pymart.serve
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "pymart.common.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": _text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "daphne": {"level": "WARNING"}},
}

if _missing:
    raise ImproperlyConfigured("\n".join(_missing))
