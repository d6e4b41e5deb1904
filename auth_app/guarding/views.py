"""Login, logout, and what a browser sees that may not enter. Called with the policy of one app.

`about` is what the app tells of itself: `title`, `base` (path of the app, with a slash at both ends), `root` (its full
address), `nonce` and `policy` (of the response), `stylesheets` (addresses), `lang`, `refused` (why somebody who is
logged in may not enter, or None), `username`, and `rendered`, which makes a page of a template's name and its context.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext

from auth_app.exceptions import NotAllowed
from auth_app.guarding import limits
from auth_app.guarding.origin import is_meant, is_program
from auth_app.policies.policy import Policy
from auth_app.visitors import sessions

About = Mapping[str, Any]

security = logging.getLogger("auth_app.security")

LARGEST_FORM = 64 * 1024
WRONG = gettext_lazy("Incorrect credentials.")
NO_LOGIN = gettext_lazy(
    "There is no login here, and none is needed to use this app. Its operator can name a page for it with LOGIN_URL in "
    "the settings of the site, or ask for names and passwords with auth=."
)
#: Characters that could end the script element or the line that the config is written in.
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SCRIPT_TABLE = str.maketrans(_IN_SCRIPT)


def entrance(policy: Policy, request: HttpRequest, about: About) -> HttpResponseBase:
    """What a visitor gets instead of the page: the reason, the project's login, our login page, or 401."""
    if about.get("refused"):
        return _page("refused", {**about, "can_log_out": True}, 403)
    address = policy.login_address(request, request.get_full_path())
    if address is not None:
        return HttpResponseRedirect(address)
    if policy.takes_passwords:
        return login_page(policy, about, target=_here(request, about))
    if _wants_page(request):
        return _page("refused", {**about, "refused": gettext("You are not logged in.")}, 401)
    return JsonResponse({"detail": "Not authenticated"}, status=401)


async def login(policy: Policy, request: HttpRequest, about: About) -> HttpResponseBase:
    """POST a form with `username` and `password`: 200 and the session's cookie, or 400 (401 for programs). GET: a page.

    A browser that sends the form of the login page is answered with pages instead.
    """
    target = _safe_target(request, about)
    if not policy.is_private:
        if request.method == "POST" or about.get("username") is not None:
            return HttpResponseRedirect(about["base"])
        address = policy.login_address(request, target)
        return HttpResponseRedirect(address) if address is not None else _no_login(request, about)
    if request.method != "POST":
        return _login_by_get(policy, request, about, target)
    if not policy.takes_passwords:
        return _say(gettext("This app takes no password here. Log in as its operator says."), 404)
    form = _form(request)
    if isinstance(form, HttpResponseBase):
        return form
    username, password, target = form["username"].strip(), form["password"], _safe_target(request, about)
    wait = await limits.begin(request, username)
    if wait:
        _record("auth.throttled", request, username)
        return _too_many(policy, request, about, wait, username, target)
    program = is_program(request)
    if not await policy.enter(request, username, password, program=program):
        _record("auth.failed", request, username)
        return _wrong(policy, request, about, username, target)
    await limits.succeeded(request, username)
    _record("auth.login", request, username)
    response = _see_other(target) if _wants_page(request) else JsonResponse({"success": True})
    await sessions.keep(request, response, _is_secure(request, about))
    return response


async def logout(policy: Policy, request: HttpRequest, about: About) -> HttpResponseBase:
    """Log out and go to the app. A GET that no page of this site makes only leads to a page that asks for a click."""
    if request.method == "HEAD" or (request.method == "GET" and not await _wants_out(policy, request)):
        return _page("logout", about, 200)
    everywhere = request.GET.get("all_session", "true").lower() != "false"
    await policy.leave(request, everywhere=everywhere)
    _record("auth.logout", request, about.get("username"))
    response = _see_other(about["base"]) if request.method == "POST" else HttpResponseRedirect(about["base"])
    response["Cache-Control"] = "no-store"
    await sessions.keep(request, response, _is_secure(request, about))
    return response


async def _wants_out(policy: Policy, request: HttpRequest) -> bool:
    """Whether a GET may log out: it shows that it is meant, or no browser was ever given what it could lose."""
    meant = is_meant(request)
    if meant is not None:
        return meant
    try:
        identity = await policy.who(request)
    except NotAllowed:
        return False
    return identity is None or not identity.by_cookie


def _no_login(request: HttpRequest, about: About) -> HttpResponse:
    """What somebody gets who wants to log in where nobody can."""
    if _wants_page(request):
        return _page("refused", {**about, "refused": NO_LOGIN, "can_go_back": True}, 404)
    return _say(NO_LOGIN, 404)


_SENTENCES = {
    "auth.login": "has logged in",
    "auth.logout": "has logged out",
    "auth.failed": "could not log in",
    "auth.throttled": "has tried to log in too often",
}


def _record(action: str, request: HttpRequest, username: Any) -> None:
    """One line of the security log: who, from where, what. Never a password."""
    level = logging.INFO if action in ("auth.login", "auth.logout") else logging.WARNING
    address = limits.address_of(request)
    who = " ".join(str(username)[:150].split()) or "?"  # a name that was typed: one line of the log, and not a long one
    sentence = f"{who} {_SENTENCES[action]} from {address}."
    security.log(level, sentence, extra={"action": action, "visitor": username, "address": address})


def login_page(policy: Policy, about: About, *, status: int = 200, **more: Any) -> HttpResponse:
    """The login page, with the config that programs and Gradio's page read to see that a login is needed."""
    config = {
        "auth_required": True,
        "auth_message": policy.message,
        "space_id": None,
        "root": about["root"],
        "page": {"": {"layout": {}}},
        "pages": [""],
        "components": [],
        "dependencies": [],
        "current_page": "",
    }
    context = {
        "error": "",
        "username_given": "",
        "target": about["base"],
        **about,
        **more,
        "message": mark_safe(policy.message or ""),
        "config": mark_safe(json.dumps(config, ensure_ascii=False).translate(_SCRIPT_TABLE)),
    }
    return _page("login", context, status)


def _login_by_get(policy: Policy, request: HttpRequest, about: About, target: str) -> HttpResponseBase:
    if about.get("username") is not None or about.get("refused"):
        return HttpResponseRedirect(target)
    address = policy.login_address(request, target)
    if address is not None:
        return HttpResponseRedirect(address)
    return login_page(policy, about, target=target) if policy.takes_passwords else entrance(policy, request, about)


def _wrong(policy: Policy, request: HttpRequest, about: About, username: str, target: str) -> HttpResponseBase:
    if _wants_page(request):
        return login_page(policy, about, status=400, error=WRONG, username_given=username, target=target)
    agent = request.headers.get("User-Agent", "").lower()
    return _say(WRONG, 401 if agent.startswith(("gradio_client/", "node")) else 400)


def _too_many(
    policy: Policy, request: HttpRequest, about: About, wait: int, username: str, target: str
) -> HttpResponseBase:
    text = ngettext(
        "Too many attempts to log in. Try again in %(wait)d second.",
        "Too many attempts to log in. Try again in %(wait)d seconds.",
        wait,
    ) % {"wait": wait}
    response: HttpResponse
    if _wants_page(request):
        response = login_page(policy, about, status=429, error=text, username_given=username, target=target)
    else:
        response = _say(text, 429)
    response["Retry-After"] = str(wait)
    return response


class _NoFiles(FileUploadHandler):
    """A login has no files: what is sent as one is read and dropped."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _form(request: HttpRequest) -> dict[str, str] | HttpResponse:
    """Name and password, or the refusal."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
            return _say(gettext("The form is too large."), 413)
        request.upload_handlers = [_NoFiles(request)]
        form = {name: request.POST.get(name) for name in ("username", "password")}
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError, ValueError):
        return _say(gettext("The form could not be read."), 400)
    if not all(form.values()):
        return _say("Send the form fields username and password.", 422)
    return {name: value or "" for name, value in form.items()}


def _safe_target(request: HttpRequest, about: About) -> str:
    """Where to go after the login: a page of this app, whatever the address or the form says."""
    given = (request.POST if request.method == "POST" and _small(request) else request.GET).get("next", "")
    fine = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith(about["base"])
    return given if fine and not any(ord(char) < 33 or char == "\\" for char in given) else str(about["base"])


def _small(request: HttpRequest) -> bool:
    """Whether the form was read already; it is never parsed just to find out where to go."""
    return hasattr(request, "_post")


def _here(request: HttpRequest, about: About) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{about['base']}?{query}" if query else str(about["base"])


def _wants_page(request: HttpRequest) -> bool:
    """Whether a browser navigates; its scripts, and programs, ask for anything or for JSON."""
    return "text/html" in request.headers.get("Accept", "")


def _is_secure(request: HttpRequest, about: About) -> bool:
    return request.is_secure() or str(about["root"]).startswith("https://")


def _page(name: str, context: About, status: int) -> HttpResponse:
    response = HttpResponse(context["rendered"](f"auth_app/{name}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    if context.get("policy"):
        response["Content-Security-Policy"] = context["policy"]
    return response


def _say(text: Any, status: int) -> HttpResponse:
    return JsonResponse({"detail": text}, status=status)


def _see_other(address: str) -> HttpResponse:
    """303: come back with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
