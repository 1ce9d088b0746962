import mimetypes

from django.apps import AppConfig
from django.core.cache import close_caches
from django.core.signals import request_finished
from django.db.backends.signals import connection_created

from pymart.common import slow


class CommonConfig(AppConfig):
    name = "pymart.common"

    def ready(self) -> None:
        for ending in ("webp", "avif"):  # Python 3.11 knows neither
            mimetypes.add_type(f"image/{ending}", f".{ending}")
        # django-redis keeps its connections whatever this says at the end of each request, which is not free.
        request_finished.disconnect(close_caches)
        connection_created.connect(slow.watch)
