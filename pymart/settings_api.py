"""What is set about the API: how it reads and answers, what its description says, whose browsers may ask."""

from pymart.environment import env

API_MAX_UPLOAD = 30 * 1024 * 1024  # bytes of a multipart body: five pictures and the rest
API_THROTTLES = {  # requests, seconds: per user, or per client IP of those who are not logged in
    "write": (env.int("API_WRITES_PER_MINUTE", default=120), 60),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["pymart.common.api.throttling.Throttle"],
    "DEFAULT_PARSER_CLASSES": ["pymart.common.api.parsers.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["pymart.common.api.renderers.JsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "pymart.common.api.renderers.OnlyJson",
    "DEFAULT_SCHEMA_CLASS": "pymart.common.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "pymart.common.api.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "pymart.common.api.errors.Formatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PyMart",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "orders.states.OrderStatus",
        "ProductStatus": "catalog.models.ProductStatus",
        "SuggestionKind": "catalog.api.serializers.reading.KINDS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "pymart.api.complete_schema"],
}
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])  # of browser apps that are not this site
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "X-Request-ID", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Idempotent-Replayed",
]  # fmt: skip
