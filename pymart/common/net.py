from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def client_ip(request: HttpRequest) -> str:
    """
    The address of the peer, or, where the peer is one of `TRUSTED_PROXIES`, the nearest address in
    `X-Forwarded-For` that is not.
    """
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    proxies = [ip_network(net) for net in settings.TRUSTED_PROXIES]
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and any(ip_address(address) in net for net in proxies):
        try:
            address = str(ip_address(hops.pop()))
        except ValueError:
            break
    return address


def absolute(address: str) -> str:
    """With the site's own scheme and host, unless it has others already."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def safe_next(request: HttpRequest, default: str) -> str:
    """The `next` parameter if it is a path on this site, else `default`: `redirect` takes a word for a view's name."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if here and target.startswith("/") else default
