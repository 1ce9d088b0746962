from typing import Any

from rest_framework.exceptions import MethodNotAllowed, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pymart.common.db import LARGEST_ID
from pymart.common.errors import rate_headers


class ApiView(APIView):
    """A view of the API: says what is left of the caller's rate where it is counted."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method.lower() not in self.http_method_names or not hasattr(self, request.method.lower()):
            raise MethodNotAllowed(request.method)  # whoever asks
        super().initial(request, *args, **kwargs)
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise NotFound  # which not every query says in good order

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if rate := getattr(request._request, "rate", None):
            for name, value in rate_headers(*rate).items():
                response.headers.setdefault(name, value)
        return response
