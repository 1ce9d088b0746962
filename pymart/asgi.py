"""HTTP by Django, `/ws` by Channels. In production plain HTTP goes to `pymart.wsgi` instead."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
django_application = get_asgi_application()  # populates the app registry: before anything imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from accounts.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter({"http": django_application, "websocket": URLRouter(websocket_urlpatterns)})
