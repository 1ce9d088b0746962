"""
What is set about Redis, where each part of the shop has a key prefix of its own (cache, carts, throttles, channel
layer, messages to workers), and about Celery: how its workers take tasks, and what they do at which interval.
"""

from pymart.environment import DEBUG, missing, required, text

REDIS_URL = required("REDIS_URL", "Redis, such as redis://host:6379/0", debug="")
REDIS_PREFIX = text("REDIS_PREFIX", "pymart")
if DEBUG and not REDIS_URL:
    missing.append("REDIS_URL is not set: start through `make` or `manage.py`, which bring up Redis.")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 2, "IGNORE_EXCEPTIONS": True},
    }
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 1, "socket_timeout": 2}],
            "prefix": f"{REDIS_PREFIX}:asgi",
        },
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:celery:",
    "visibility_timeout": 3600,
    # A request that announces something must not hang on a dead broker: one quick try, the sweepers do the rest.
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_RESULT_BACKEND = "django-db"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING is for the worker, too
CELERY_TIMEZONE = "Asia/Kolkata"
CELERY_BEAT_SCHEDULE = {
    "send-waiting-emails": {"task": "accounts.tasks.send_waiting_emails", "schedule": 30},
    "expire-orders": {"task": "orders.tasks.expire_orders", "schedule": 60},
    "process-webhook-events": {"task": "payments.tasks.process_waiting_events", "schedule": 30},
    "issue-waiting-refunds": {"task": "payments.tasks.issue_waiting_refunds", "schedule": 60},
    "reconcile-payments": {"task": "payments.tasks.reconcile_payments", "schedule": 180},
    "delete-old-sessions": {"task": "accounts.tasks.delete_old_sessions", "schedule": 86400},
    "delete-old-tokens": {"task": "accounts.tasks.delete_old_tokens", "schedule": 86400},
    "delete-old-requests": {"task": "pymart.common.tasks.delete_old_requests", "schedule": 86400},
    "delete-orphaned-pictures": {"task": "catalog.tasks.delete_orphaned_pictures", "schedule": 3600},
    "delete-orphaned-avatars": {"task": "accounts.tasks.delete_orphaned_avatars", "schedule": 86400},
    "resume-imports": {"task": "catalog.tasks.resume_imports", "schedule": 30},
    "delete-old-imports": {"task": "catalog.tasks.delete_old_imports", "schedule": 86400},
    "note-heartbeat": {
        "task": "pymart.common.tasks.note_heartbeat",
        "schedule": 30,
        "options": {"expires": 30},  # none that waited for a worker for longer says anything
    },
    "count-units-sold": {"task": "orders.tasks.count_units_sold", "schedule": 3600},
    "write-views": {"task": "catalog.tasks.write_views", "schedule": 60},
    "rebuild-search-vocabulary": {"task": "catalog.tasks.rebuild_vocabulary", "schedule": 3600},
    "write-search-log": {"task": "catalog.tasks.write_search_log", "schedule": 30},
    "learn-past-queries": {"task": "catalog.tasks.learn_past_queries", "schedule": 3600},
    "forget-old-searches": {"task": "catalog.tasks.forget_old_searches", "schedule": 86400},
}
for _entry in CELERY_BEAT_SCHEDULE.values():  # else those of a night without a worker would all be done in the morning
    _entry.setdefault("options", {"expires": max(600, _entry["schedule"])})
