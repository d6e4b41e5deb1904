"""What monitors ask: is the process alive, is it ready, and its metrics. For staff, or for who brings the token."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blocks_app.connections import without_transaction
from blocks_app.files import file_registry
from queue_app import conf
from queue_app.cluster import message_bus
from queue_app.databases import alias_of
from queue_app.execution.control.operating import snapshots
from queue_app.operations import metrics
from queue_app.operations.processes import service
from queue_app.records import event_log
from queue_app.records.event_models import Event
from queue_app.records.file_models import StoredFile
from queue_app.records.message_models import Process
from queue_app.transport import outages

FULL = 0.9  # of the event log's room


@without_transaction
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """`health`: 200 while the process answers at all. Absent (404) with BLOCKS_HEALTH = ""."""
    refusal = _refusal(request)
    return refusal or JsonResponse({"status": "ok"})


@without_transaction
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """`ready`: 200 when queue, database and event log work, else 503; what is wrong is told to staff and token
    bearers."""
    refusal = _refusal(request)
    if refusal is not None:
        return refusal
    wrong = problems()
    body: dict[str, Any] = {"status": "unready" if wrong else "ready"}
    if wrong and may_ask(request):
        body["problems"] = wrong
    return JsonResponse(body, status=503 if wrong else 200)


@without_transaction
@require_safe
@never_cache
def prometheus(request: HttpRequest) -> HttpResponse:
    """`metrics`: for Prometheus. Absent (404) with BLOCKS_METRICS = False and without prometheus-client."""
    if not conf.metrics() or not metrics.available():
        raise Http404
    if not may_ask(request):
        return _refused(request)
    text, kind = metrics.install().page()
    return HttpResponse(text, content_type=kind)


def problems() -> list[str]:
    """What keeps this process from serving, in words; nothing when all is well."""
    found = []
    try:
        stopped = [app.mount for app in snapshots() if app.stopped]
        found += [f"The queue of {mount} is stopped." for mount in stopped]
    except TimeoutError:
        found.append("The server's loop does not answer.")
    found += outages.problems()
    found += service.problems()
    writer = event_log.current()
    if writer is not None and len(writer) > FULL * writer.size:
        found.append("The ledger is full: the database does not take what happens.")
    if writer is not None or message_bus.current() is not None or file_registry.register_factory is not None:
        for alias in sorted({alias_of(model) for model in (Event, StoredFile, Process)}):
            try:
                used = connection if alias == DEFAULT_DB_ALIAS else connections[alias]
                used.introspection.table_names()  # reads the database itself, which may be locked
            except DatabaseError:
                name = "database" if alias == "default" else f"database {alias!r}"
                found.append(f"The {name} does not answer.")
    return found


def may_ask(request: HttpRequest) -> bool:
    """Whether this is staff that may see the queue, or brings `Authorization: Bearer <BLOCKS_MONITORING_TOKEN>`."""
    token = conf.monitoring_token()
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    if token and kind.lower() == "bearer" and constant_time_compare(sent.strip(), token):
        return True
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.is_staff and user.has_perm("queue_app.view_queue")


def _refusal(request: HttpRequest) -> HttpResponse | None:
    audience = conf.health()
    if not audience:
        raise Http404
    return None if audience == "public" or may_ask(request) else _refused(request)


def _refused(request: HttpRequest) -> HttpResponse:
    """401 for strangers, 403 for those who are known and may not."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return JsonResponse({"detail": "This is for staff that may see the queue."}, status=403)
    answer = JsonResponse({"detail": "Send the monitoring token, or log in as staff."}, status=401)
    answer["WWW-Authenticate"] = 'Bearer realm="monitoring"'
    return answer
