"""The examples of the guides for sites run, and the commands that guides name are there."""

from __future__ import annotations

import re
import shlex
import sqlite3
import sys
from logging import Formatter
from logging.config import DictConfigurator
from types import ModuleType, SimpleNamespace
from typing import Any

import jinja2
import pytest
from django.apps import apps
from django.conf import global_settings
from django.core.management import get_commands, load_command_class
from django.db import models
from django.template import engines
from django.test import RequestFactory
from django.test.utils import isolate_apps
from django.urls import include, path

import blocks_app as gr
from queue_app.testing import PageUser
from tests.house.sources import ROOT
from tests.launch.examples import FENCE, examples, run

GUIDES = sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs/howto").glob("*.md"))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the examples of one page share: a module of its own."""
    module = ModuleType("guide")
    monkeypatch.setitem(sys.modules, "guide", module)
    vars(module).update(gr=gr, path=path)
    return vars(module)


def unread(names: dict[str, Any]) -> list[str]:
    """Settings among the names that nobody reads."""
    told = [name for name in names if name.isupper()]
    read = "".join(
        file.read_text() for room in ("auth_app", "blocks_app", "queue_app") for file in (ROOT / room).rglob("*.py")
    )
    return [name for name in told if not hasattr(global_settings, name) and name not in read]


def test_admin(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    urls, logging = examples("docs/howto/admin.md")
    names.update(include=include)
    run(urls.replace("..., ", ""), names)
    assert [str(each.pattern) for each in names["urlpatterns"]] == [""]
    package, json_lines = ModuleType("pythonjsonlogger"), ModuleType("pythonjsonlogger.json")
    vars(json_lines)["JsonFormatter"], vars(package)["json"] = Formatter, json_lines
    monkeypatch.setitem(sys.modules, "pythonjsonlogger", package)
    monkeypatch.setitem(sys.modules, "pythonjsonlogger.json", json_lines)
    run(logging, names)
    made = DictConfigurator(names["LOGGING"])
    assert isinstance(made.configure_formatter(names["LOGGING"]["formatters"]["json"]), Formatter)


def test_deployment_and_scale(names: dict[str, Any]) -> None:
    [settings] = examples("docs/howto/deployment.md")
    run(settings, names)
    engine, worker, model, queues, gpu, again = examples("docs/howto/scale.md")
    run(engine, names)
    run(queues, names)
    assert unread(names) == [] and names["BLOCKS_STATE_CACHE"] in names["CACHES"]
    assert worker.partition("\n")[2].split() == (
        (ROOT / "project/celery.py").read_text().replace("project.", "myproject.").partition("annotations\n")[2].split()
    )
    names["torch"] = SimpleNamespace(load=str)
    with gr.Blocks() as names["demo"]:
        buttons = {name: gr.Button() for name in ("draw", "go")}
        values = {name: gr.Textbox() for name in ("prompt", "picture", "audio", "text")}
        names.update(buttons, **values, diffuse=str, transcribe=str)
        for code in (model, gpu, again):
            run(code, names)
    assert next(iter(names["demo"].fns.values())).concurrency_id == "gpu"


def test_django(names: dict[str, Any]) -> None:
    with gr.Blocks() as demo:
        team = gr.Textbox()
    names.update(demo=demo, DATABASES={"default": {}})
    room, database = examples("docs/howto/django.md")
    run(room, names)
    with demo:
        demo.load(names["who"], None, team)
    with PageUser(demo, path_params={"team": "red"}) as page:
        assert page.value(team) == "red"
    run(database, names)
    options = names["DATABASES"]["default"]["OPTIONS"]
    assert sqlite3.connect(":memory:").execute(options["init_command"]).fetchone()


def test_embedding(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    template, _ = examples("docs/howto/embedding.md", "html")
    [environment] = examples("docs/howto/embedding.md")
    chat, urls = ModuleType("chat"), ModuleType("guide_urls")
    monkeypatch.setitem(sys.modules, "chat", chat)
    monkeypatch.setitem(sys.modules, "guide_urls", urls)
    run("import blocks_app as gr\nwith gr.Blocks(title='Ask') as demo:\n    gr.Textbox()\n", vars(chat), "chat")
    vars(urls)["urlpatterns"] = [path("chat/", vars(chat)["demo"].urls)]
    settings.ROOT_URLCONF = "guide_urls"
    request = RequestFactory().get("/")
    assert '<blocks-app src="/chat/"' in engines["django"].from_string(template).render({}, request)
    import blocks_app.embedding.jinja

    names: dict[str, Any] = {"Environment": jinja2.Environment, "blocks_app": blocks_app}
    run(environment, names)
    page = names["environment"](autoescape=True).from_string('{{ blocks("chat", height=400) }}')
    assert 'height="400px"' in page.render(request=request)


def test_forms(names: dict[str, Any], settings: Any) -> None:
    from django import forms
    from django.contrib.auth.models import Group

    class ContactForm(forms.Form):
        text = forms.CharField()

    class ProfileForm(ContactForm):
        def __init__(self, *arguments: Any, instance: Any = None, **options: Any) -> None:
            super().__init__(*arguments, **options)

        def save(self) -> None:
            """Kept nowhere."""

    with isolate_apps("tests.blocks_app.forms"):

        def model(name: str, *fields: str) -> Any:
            meta = type("Meta", (), {"app_label": "forms"})
            texts = {field: models.CharField(max_length=9) for field in fields}
            return type(name, (models.Model,), {"__module__": "guide", "Meta": meta, **texts})

        names.update(Order=model("Order", "number", "customer", "placed", "note"), Guest=model("Guest", "name", "text"))
        names.update(Room=model("Room", "name"), Note=model("Note", "text"), Letter=Group)
    names.update(ContactForm=ContactForm, ProfileForm=ProfileForm, send=print, mail_managers=lambda *what: None)
    several, letter, profile, part, permissions = examples("docs/howto/forms.md")
    for code in (several, letter, profile, part):
        run(code, names)
    form = names["form"]
    assert form.fields["text"] in form.components and form.submit is not None
    run(permissions, names)


def commands(text: str) -> list[list[str]]:
    """Each `manage.py` command in the code of a page, without its comment."""
    code = "\n".join(found[2] for found in FENCE.findall(text) if found[1] in ("", "sh", "bash"))
    return [shlex.split(line, comments=True) for line in re.findall(r"^python manage\.py (.+)$", code, re.MULTILINE)]


def test_commands_are_there_with_their_options() -> None:
    seen = 0
    for guide in GUIDES:
        for name, *arguments in commands(guide.read_text()):
            command = load_command_class(get_commands()[name], name)
            command.create_parser("manage.py", name).parse_args(arguments)
            seen += 1
    assert seen > 8 and apps.ready


def test_every_guide_with_examples_is_among_those_that_run() -> None:
    """Each of their tests names how many there are, so that one more is missed."""
    rooms = ("tests/launch", "tests/queue_app/testing", "tests/queue_app/sessions")
    tests = "".join(file.read_text() for room in rooms for file in (ROOT / room).glob("test_*.py"))
    with_code = [guide for guide in GUIDES if re.search(r"^ *```(python|html|js)$", guide.read_text(), re.MULTILINE)]
    assert len(with_code) > 25
    missing = [g.name for g in with_code if f'/{g.stem}.md"' not in tests and f'guide("{g.stem}"' not in tests]
    assert missing == []
    indented = [
        g.name for g in GUIDES if re.search(r"\n\n    (import|def|with|gr\.|python)\b", FENCE.sub("", g.read_text()))
    ]
    assert indented == []
