"""Runs under the official Python client's own interpreter: python python_auth.py http://127.0.0.1:7860/ FILE"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")

from gradio_client import Client, handle_file

BASE, FILE = sys.argv[1], sys.argv[2]


def client(auth):
    with contextlib.redirect_stdout(io.StringIO()):
        return Client(BASE, auth=auth, verbose=False)


def error_of(call):
    try:
        return ["no error", str(call())]
    except Exception as error:
        return [type(error).__name__, str(error)]


ann = client(("ann", "secret"))
job = ann.submit("abc", api_name="/letters")
outcomes = {
    "right": ann.predict("hi", api_name="/who"),
    "other": client(("bob", "other")).predict("hi", api_name="/who"),
    "letters": list(job),
    "file": Path(ann.predict(handle_file(FILE), api_name="/shout")).read_text(),
    "wrong": error_of(lambda: client(("ann", "wrong"))),
    "missing": error_of(lambda: client(None)),
}
print("OUTCOMES", json.dumps(outcomes))
sys.stdout.flush()
os._exit(0)  # clients keep threads that would outlive us
