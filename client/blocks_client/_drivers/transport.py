"""httpx, and nothing of it elsewhere: settings, errors, answers. Loaded with the first client, as httpx takes long."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Union
from urllib.request import getproxies

import httpx

from blocks_client._core.core import Core
from blocks_client._core.http import Open, Request, Response
from blocks_client._exceptions import ClientError, ClosedError, TransportError

#: Seconds of silence after which a stream counts as cut. Servers say something every 15 s.
SILENCE = 60.0
#: Seconds for everything else, unless `httpx_kwargs["timeout"]` says otherwise.
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=60.0)
#: Seconds that a connection is kept; less than the 5 s after which common servers close it.
_KEEP = 4.0

Anyone = Union[httpx.Client, httpx.AsyncClient]

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_KINDS: dict[type[httpx.HTTPError], type[TransportError]] = {}


def failed(error: Exception, url: str, is_fresh: bool = True) -> TransportError:
    """An error of httpx as one of ours, which is still an instance of httpx's class too.

    `is_fresh`: whether the request had a connection of its own.
    """
    if not isinstance(error, httpx.RequestError):
        return TransportError(f"{url}: {error}")
    base = type(error)
    if base not in _KINDS:
        _KINDS[base] = type(
            base.__name__,
            (TransportError, base),
            {"__doc__": base.__doc__, "__module__": TransportError.__module__.partition(".")[0]},
        )
    made = _KINDS[base](_explained(error, url))
    made.unsent, made.stale = isinstance(error, _UNSENT), _is_stale(error, is_fresh)
    return made


def ours(error: BaseException, http: Anyone, url: str, is_fresh: bool) -> ClientError | None:
    """What is raised in place of an error that a request met; None for one that is not of the network."""
    if isinstance(error, httpx.HTTPError):
        return failed(error, url, is_fresh)
    if isinstance(error, RuntimeError) and http.is_closed:
        return ClosedError()
    return None


def broken(error: Exception) -> TransportError:
    """An answer that has begun and does not go on."""
    return TransportError(str(error))


def _explained(error: Exception, url: str) -> str:
    host = httpx.URL(url).host
    reason = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return f"{host} has a certificate that is not trusted: {reason}. `ssl_verify=False` accepts it all the same."
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        return f"{host} cannot be reached ({reason}). Does the app run, and is {url} its address?"
    if isinstance(error, httpx.TimeoutException):
        return f"{host} did not answer in time ({reason}). `httpx_kwargs={{'timeout': seconds}}` waits longer."
    return f"The connection to {host} failed: {reason}"


class Settings:
    """What `httpx_kwargs` and `ssl_verify` mean for requests.

    Attributes:
        client: the arguments of httpx's client.
        auth: httpx's authentication, for the app's own host alone.
        cookies, headers: of the user, for the app's own host alone.
        stream: the timeout of streams.
        sockets: how many may be open; None where several pools share the work, each with a bound of its own.
    """

    def __init__(self, httpx_kwargs: Mapping[str, Any] | None, ssl_verify: Any, sockets: int) -> None:
        given = dict(httpx_kwargs or {})
        self.auth: Any = given.pop("auth", None)
        self.cookies: dict[str, str] = dict(given.pop("cookies", None) or {})
        self.headers: dict[str, str] = dict(given.pop("headers", None) or {})
        given.pop("follow_redirects", None)  # followed by us, so that nothing leaks
        limits = httpx.Limits(max_connections=sockets, max_keepalive_connections=sockets, keepalive_expiry=_KEEP)
        limits = given.setdefault("limits", limits)
        _translate_proxies(given)
        self.sockets = limits.max_connections if _is_one_pool(given) else None
        timeout = httpx.Timeout(given.pop("timeout", TIMEOUT))
        self.stream = httpx.Timeout(**{**timeout.as_dict(), "read": max(SILENCE, timeout.read or 0.0)})
        nothing_kept = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        self.client: dict[str, Any] = {
            "verify": given.pop("verify", ssl_verify),
            "timeout": timeout,
            "cookies": nothing_kept,
            **given,
        }

    def auth_for(self, request: Request) -> Any:
        """httpx's authentication of one request; None switches it off."""
        return self.auth if request.trusted else None


def _translate_proxies(given: dict[str, Any]) -> None:
    """`proxies` is from before httpx 0.28."""
    proxies = given.pop("proxies", None)
    if isinstance(proxies, (str, httpx.URL, httpx.Proxy)):
        given.setdefault("proxy", proxies)
    elif proxies and "mounts" not in given:
        verify, limits = given.get("verify", True), given["limits"]
        given["mounts"] = {
            pattern: httpx.HTTPTransport(proxy=proxy, verify=verify, limits=limits) if proxy else None
            for pattern, proxy in proxies.items()
        }


def _is_one_pool(given: Mapping[str, Any]) -> bool:
    """Whether httpx has all connections of a client in one pool, and we know its bound."""
    if given.get("mounts") or given.get("transport"):
        return False
    if given.get("proxy") or not given.get("trust_env", True):
        return True
    return not {"http", "https", "all"} & set(getproxies())


def request_of(http: Anyone, core: Core, command: Open, settings: Settings, content: Any, trace: Any) -> httpx.Request:
    """A request as httpx wants it; `trace` hears of its connections."""
    asked = command.request
    if http.is_closed:
        raise ClosedError
    try:
        request = http.build_request(
            asked.method, asked.url, headers=core.outgoing(asked), content=content, extensions={"trace": trace}
        )
    except httpx.InvalidURL as error:
        raise TransportError(f"{asked.url!r} is no address: {error}") from None
    if command.endless:
        request.headers["accept-encoding"] = "identity"
        request.extensions = {**request.extensions, "timeout": settings.stream.as_dict()}
    return request


def answer_of(response: httpx.Response, body: bytes = b"") -> Response:
    """A response as data."""
    headers = response.headers
    cookies: dict[str, str] = {}
    if "set-cookie" in headers:
        cookies = {each.name: each.value or "" for each in response.cookies.jar}
    return Response(response.status_code, headers, body, str(response.url), cookies)


def _is_stale(error: Exception, is_fresh: bool) -> bool:
    """Whether a request met a kept connection that the server had closed, so that it can go out again."""
    if is_fresh:
        return False
    if isinstance(error, httpx.RemoteProtocolError):
        return "without sending a response" in str(error)
    return isinstance(error, (httpx.WriteError, httpx.ReadError))


def verify_of(given: Any) -> Any:
    """`ssl_verify`: True, False, a path to certificates, or a context. A context is made once, as it takes long."""
    if isinstance(given, str):
        return ssl.create_default_context(cafile=given)
    return given
