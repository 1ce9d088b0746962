from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pymart.common.errors import rate_headers


class ApiView(APIView):
    """A view of the API: says what is left of the caller's rate where it is counted."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if rate := getattr(request._request, "rate", None):
            for name, value in rate_headers(*rate).items():
                response.headers.setdefault(name, value)
        return response
