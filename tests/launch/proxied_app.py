"""Launches one app under several public addresses: `python proxied_app.py '{"name": {launch options}, ...}'`.

Prints "ready" when all of them listen, and goes on until it is ended.
"""

import json
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import blocks_app as gr


def count(upto):
    for number in range(int(upto)):
        yield number + 1


def copy(path):
    target = Path(tempfile.mkdtemp()) / "copy.txt"
    shutil.copy(path, target)
    return str(target)


def app(title):
    with gr.Blocks(title=title) as demo:
        name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
        gr.Button("Run").click(lambda name: f"Hello {name}!", name, greeting, api_name="greet")
        number, counted = gr.Number(label="Up to", value=3), gr.Number(label="Counted")
        gr.Button("Count").click(count, number, counted, api_name="count")
        given, result = gr.File(label="Given"), gr.File(label="Copied")
        gr.Button("Copy").click(copy, given, result, api_name="copy")
    return demo


if __name__ == "__main__":
    demos = {}
    try:
        for name, options in json.loads(sys.argv[1]).items():
            demos[name] = app(name)
            if "auth" in options:
                options["auth"] = tuple(options["auth"])
            demos[name].launch(prevent_thread_lock=True, quiet=True, **options)
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # those that do listen would keep the process, and whoever waits for its word
    print("ready", flush=True)
    sys.stdin.read()
