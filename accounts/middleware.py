from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts import devices


class DeviceMiddleware:
    """Sets the cookie of a browser with which somebody has just logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        devices.bring_cookie(request, response)
        return response
