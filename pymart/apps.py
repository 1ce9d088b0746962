from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class PymartConfig(AppConfig):
    name = "pymart"

    def ready(self) -> None:
        from pymart import sentry
        from pymart.staff.groups import make_missing_groups

        if settings.SENTRY_DSN:
            sentry.start()
        # once a migration; sent for apps with models alone
        post_migrate.connect(make_missing_groups, sender=apps.get_app_config("common"))
