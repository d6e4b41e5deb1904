"""One app for every server: python scenario.py MODULE PORT KIND. MODULE is `blocks_app` or `gradio`.

KIND is `open`, `auth` (Ada must log in) or `full` (a queue of two places).
"""

import importlib
import sys
import tempfile
import threading
import time
from pathlib import Path

MODULE, PORT, KIND = sys.argv[1], int(sys.argv[2]), sys.argv[3]
gr = importlib.import_module(MODULE)


def echo(text, num=3):
    return f"{text}:{num:g}"


def letters(text):
    for end in range(1, len(text) + 1):
        yield text[:end], {"letters": list(text[:end])}
        time.sleep(0.02)


def count(pause):
    for number in range(1000):
        yield str(number)
        time.sleep(pause)


def steps(pause, progress=gr.Progress()):  # noqa: B008 - how users write it
    for index in range(4):
        progress((index, 4), desc="working", unit="steps")
        time.sleep(pause)
    gr.Info("nearly there")
    time.sleep(pause)
    return "done"


def shout(file):
    target = Path(tempfile.mkdtemp()) / "loud.txt"
    target.write_text(Path(file).read_text().upper())
    return str(target)


def remember(item, items):
    items = [*items, item]
    return ",".join(items), items


def fail(kind):
    if kind == "gr":
        raise gr.Error("bad x")
    raise ValueError("secret")


def fail_late(text):
    yield text
    time.sleep(0.1)
    raise gr.Error("too late")


def double(numbers):
    return [[number * 2 for number in numbers]]


def nap(seconds):
    time.sleep(seconds)
    return "awake"


with gr.Blocks(title="Interop") as demo:
    text, num = gr.Textbox(label="text"), gr.Number(label="num")
    out, tree = gr.Textbox(label="out"), gr.JSON(label="tree")
    seconds = gr.Number(label="seconds", value=0.1)
    upload, loud = gr.File(label="upload"), gr.File(label="loud")
    kept = gr.State([])
    go = gr.Button("Go")
    go.click(echo, [text, num], out, api_name="echo")
    go.click(letters, text, [out, tree], api_name="letters")
    go.click(count, seconds, out, api_name="count")
    go.click(steps, seconds, out, api_name="steps")
    go.click(shout, upload, loud, api_name="shout")
    go.click(remember, [text, kept], [out, kept], api_name="remember")
    go.click(fail, text, out, api_name="fail")
    go.click(fail_late, text, out, api_name="fail_late")
    go.click(double, num, num, api_name="double", batch=True, max_batch_size=4)
    go.click(nap, seconds, out, api_name="nap")

if KIND == "full":
    demo.queue(max_size=2)
else:
    demo.queue(default_concurrency_limit=4)
demo.launch(
    server_name="127.0.0.1",
    server_port=PORT,
    auth=("ada", "pw") if KIND == "auth" else None,
    quiet=True,
    prevent_thread_lock=True,
)
threading.Event().wait()
