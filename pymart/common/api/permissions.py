"""Who may call an endpoint. What they may see of it is the selectors' business: foreign objects are 404."""

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasRole(BasePermission):
    roles: ClassVar[frozenset[str]] = frozenset()

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user.is_authenticated and request.user.role in self.roles


class IsBuyer(HasRole):
    roles = frozenset({"buyer"})


class IsSeller(HasRole):
    """Sellers and staff, who may do what sellers do."""

    roles = frozenset({"seller", "admin"})


class IsAdmin(HasRole):
    roles = frozenset({"admin"})
