"""The same scenarios with our client and with Gradio's: python any_client.py MODULE OPEN AUTH FULL FILE.

MODULE is `blocks_client` or `gradio_client`; the rest are the addresses of apps/scenario.py and a file. Prints one
JSON object: per scenario "ok" or what went wrong; and the text of view_api.
"""

import asyncio
import concurrent.futures
import contextlib
import importlib
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")
MODULE, OPEN, AUTH, FULL, FILE = sys.argv[1:6]
library = importlib.import_module(MODULE)
LETTERS = [(word, {"letters": list(word)}) for word in ("a", "ab", "abc", "abcd")]


def client(base=OPEN, **options):
    return library.Client(base, verbose=False, **options)


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} instead of {wanted!r}")


def raised(call, *kinds):
    try:
        value = call()
    except BaseException as error:
        names = [each.__name__ for each in type(error).__mro__]
        if not set(kinds) & set(names):
            raise AssertionError(f"{type(error).__name__}({error}) instead of {kinds}") from error
        return str(error)
    raise AssertionError(f"{value!r} instead of {kinds}")


def when(job, *codes):
    limit = time.time() + 20
    while time.time() < limit:
        status = job.status()
        if status.code.name in codes:
            return status
        time.sleep(0.005)
    raise TimeoutError(f"never {codes}, last {status}")


def predict():
    c = client()
    same(c.predict("hi", 5, api_name="/echo"), "hi:5")
    same(c.predict("hi", num=4, api_name="/echo"), "hi:4")
    same(c.predict("é\u2028ß", 1, api_name="/echo"), "é\u2028ß:1")
    same(c.predict("hi", 2, fn_index=0), "hi:2")


def submit():
    c = client()
    jobs = [c.submit(f"n{i}", i, api_name="/echo") for i in range(8)]
    same([job.result(timeout=30) for job in jobs], [f"n{i}:{i}" for i in range(8)])
    received = []
    done = threading.Event()
    job = c.submit("x", 1, api_name="/echo", result_callbacks=[received.append, lambda value: done.set()])
    job.result(timeout=20)
    same(done.wait(10), True)
    same(received, ["x:1"])


def as_completed():
    c = client()
    jobs = [c.submit(f"n{i}", i, api_name="/echo") for i in range(4)]
    found = {job.result() for job in concurrent.futures.as_completed(jobs, timeout=30)}
    same(found, {f"n{i}:{i}" for i in range(4)})


def stream():
    job = client().submit("abcd", api_name="/letters")
    same([tuple(value) for value in job], LETTERS)
    same([tuple(value) for value in job.outputs()], LETTERS)
    same(tuple(job.result()), LETTERS[-1])


def status():
    job = client().submit(0.4, api_name="/steps")
    unit = when(job, "PROGRESS").progress_data[0]
    same([unit.index, unit.length, unit.unit, unit.desc], [0, 4, "steps", "working"])
    same(list(when(job, "LOG").log), ["nearly there", "info"])
    same(job.result(timeout=20), "done")
    same(job.status().code.name, "FINISHED")


def cancel():
    c = client()
    job = c.submit(0.05, api_name="/count")
    when(job, "ITERATING")
    job.cancel()
    raised(lambda: job.result(timeout=20), "CancelledError")
    same(job.status().code.name, "CANCELLED")
    same(client().submit("again", 1, api_name="/echo").result(timeout=20), "again:1")


def cancel_and_go_on():
    c = client()
    job = c.submit(0.05, api_name="/count")
    when(job, "ITERATING")
    job.cancel()
    same(c.submit("again", 1, api_name="/echo").result(timeout=20), "again:1")


def files():
    c = client()
    path = Path(c.predict(library.handle_file(FILE), api_name="/shout"))
    same((path.name, path.read_text()), ("loud.txt", "HELLO\n"))
    left = client(download_files=False).predict(library.handle_file(FILE), api_name="/shout")
    same((left["orig_name"], set(left) >= {"path", "url"}), ("loud.txt", True))


def auth():
    same(client(AUTH, auth=("ada", "pw")).predict("in", 1, api_name="/echo"), "in:1")
    raised(lambda: client(AUTH), "AuthenticationError")
    raised(lambda: client(AUTH, auth=("ada", "no")), "ValueError")


def errors():
    c = client()
    same("bad x" in raised(lambda: c.predict("gr", api_name="/fail"), "AppError"), True)
    same("secret" in raised(lambda: c.predict("plain", api_name="/fail"), "AppError"), False)
    job = c.submit("first", api_name="/fail_late")
    same("too late" in raised(lambda: job.result(timeout=20), "AppError"), True)
    same(job.outputs(), ["first"])
    raised(lambda: c.predict(api_name="/echo"), "TypeError")
    raised(lambda: c.predict("x", zz=1, api_name="/echo"), "TypeError")
    raised(lambda: c.predict("x", api_name="echo"), "ValueError")


def failed_iteration_ends():
    c = client(FULL)
    jobs = [c.submit(2.0, api_name="/nap")]
    when(jobs[0], "PROCESSING")
    jobs += [c.submit(0.0, api_name="/nap") for _ in range(2)]
    for job in jobs[1:]:
        when(job, "IN_QUEUE")
    refused = c.submit(0.0, api_name="/nap")
    ended = threading.Event()

    def iterate():
        with contextlib.suppress(Exception):  # either is an end
            list(refused)
        ended.set()

    threading.Thread(target=iterate, daemon=True).start()
    same(ended.wait(5), True)


def full_queue():
    c = client(FULL)
    jobs = [c.submit(1.5, api_name="/nap")]
    when(jobs[0], "PROCESSING")
    jobs += [c.submit(0.0, api_name="/nap") for _ in range(2)]
    for job in jobs[1:]:
        when(job, "IN_QUEUE")
    raised(lambda: c.predict(0.0, api_name="/nap"), "QueueError")
    same([job.result(timeout=30) for job in jobs], ["awake"] * 3)


def state():
    c = client()
    same([c.predict(each, api_name="/remember") for each in "ab"], ["a", "a,b"])
    c.reset_session()
    same(c.predict("c", api_name="/remember"), "c")


def batch():
    c = client()
    jobs = [c.submit(number, api_name="/double") for number in range(6)]
    same([job.result(timeout=20) for job in jobs], [0, 2, 4, 6, 8, 10])


def view_api():
    text = client().view_api(return_format="str", print_info=False)
    head = "Client.predict() Usage Info\n---------------------------\nNamed API endpoints: 10\n\n - predict(text, num, "
    same(text.startswith(head), True)
    info = client().view_api(return_format="dict", print_info=False)
    same("/echo" in info["named_endpoints"], True)


def close():
    before = set(threading.enumerate())
    c = client()
    c.predict("hi", 5, api_name="/echo")
    c.close()
    limit = time.time() + 1
    while set(threading.enumerate()) - before and time.time() < limit:
        time.sleep(0.01)
    same(set(threading.enumerate()) - before, set())
    raised(lambda: c.predict("hi", 5, api_name="/echo"), "Exception")


async def _with_asyncio():
    async with library.AsyncClient(OPEN, verbose=False) as c:
        same(await c.predict("hi", 5, api_name="/echo"), "hi:5")
        same([tuple(value) async for value in c.submit("abcd", api_name="/letters")], LETTERS)
        same(Path(await c.predict(library.handle_file(FILE), api_name="/shout")).read_text(), "HELLO\n")
        results = await asyncio.gather(*[c.predict("n", i, api_name="/echo") for i in range(20)])
        same(results, [f"n:{i}" for i in range(20)])
        job = c.submit(0.05, api_name="/count")
        async for value in job:
            if value == "2":
                await job.cancel()
        same(job.outputs(), ["0", "1", "2"])
        same(await c.predict("after", 1, api_name="/echo"), "after:1")


def with_asyncio():
    asyncio.run(_with_asyncio())


SCENARIOS = [
    predict, submit, as_completed, stream, status, cancel, cancel_and_go_on, files, auth, errors, full_queue,
    failed_iteration_ends, state, batch, view_api, close,
]  # fmt: skip
if MODULE == "blocks_client":
    SCENARIOS.append(with_asyncio)


def _run(scenario, outcomes):
    try:
        scenario()
        outcomes[scenario.__name__] = "ok"
    except BaseException as error:
        print(traceback.format_exc(), file=sys.stderr)
        outcomes[scenario.__name__] = f"{type(error).__name__}: {error}"[:300]


def main():
    outcomes = {}
    for scenario in SCENARIOS:
        thread = threading.Thread(target=_run, args=(scenario, outcomes), daemon=True)
        thread.start()
        thread.join(60)
        outcomes.setdefault(scenario.__name__, "hangs")
    text = str(client())
    print("OUTCOMES", json.dumps({"outcomes": outcomes, "view_api": text}))
    sys.stdout.flush()
    os._exit(0)  # clients keep threads that would outlive us


main()
