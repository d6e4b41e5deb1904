"""Updates: only what the app has written is one."""

from __future__ import annotations

import copy
import json
import pickle

import blocks_app as gr
from blocks_app.listeners.validation import problem_of
from blocks_app.running.updates import changes_of


def test_only_what_the_app_has_written_is_an_update():
    for made in (gr.update(visible=False), gr.skip(), gr.update(__type__="x"), {**gr.update(), "label": "L"}):
        assert changes_of(made) is not None
        assert changes_of(copy.deepcopy(made)) is not None and changes_of(pickle.loads(pickle.dumps(made))) is not None
        assert made["__type__"] == "update"
        assert changes_of(json.loads(json.dumps(made))) is None


def test_only_what_the_app_has_written_is_a_verdict():
    verdict = gr.validate(False, "no")
    assert not problem_of(verdict, "a")["is_valid"]
    assert problem_of(json.loads(json.dumps(verdict)), "a")["is_valid"]
