"""Runs under the official Python client's own interpreter: every scenario once, the outcomes as one JSON object.

python python_scenarios.py http://127.0.0.1:7860 FILE [SCENARIO ...]
"""

import concurrent.futures
import contextlib
import io
import json
import os
import sys
import time
import traceback
import uuid
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")

from gradio_client import Client, handle_file

BASE, FILE = sys.argv[1], sys.argv[2]
OLD = not hasattr(__import__("gradio_client"), "FileData")


def client(path=""):
    with contextlib.redirect_stdout(io.StringIO()):
        return Client(BASE + path, verbose=False)


def error_of(call):
    try:
        return ["no error", call()]
    except Exception as error:
        return [type(error).__name__, str(error)]


def wait_for(job, *codes):
    """Poll the job's status as programs do; give the first one with one of these codes, and whether it ended before."""
    limit = time.time() + 60
    while time.time() < limit:
        status = job.status()
        if status.code.name in codes:
            return status
        time.sleep(0.01)
    raise TimeoutError(f"never {codes}, last {status}")


def predict():
    c = client()
    return [
        c.predict("hi", 5, api_name="/echo"),
        c.predict("hi", num=4, api_name="/echo"),
        c.predict("é\u2028\x85ß", 1, api_name="/echo"),
    ]


def many():
    c = client()
    jobs = [c.submit(f"n{i}", i, api_name="/echo") for i in range(12)]  # the old client hangs by itself above 13
    return [job.result(timeout=30) for job in jobs]


def iterate():
    c = client()
    job = c.submit("abcd", api_name="/letters")
    values = [list(value) for value in job]
    return {"values": values, "outputs": [list(value) for value in job.outputs()], "result": list(job.result())}


def view_api():
    return client().view_api(return_format="str", print_info=False)


def view_all():
    return sorted(client().view_api(all_endpoints=True, return_format="dict", print_info=False)["named_endpoints"])


def status():
    c, gate = client("/held/"), str(uuid.uuid4())
    first = c.submit(gate, api_name="/hold")
    wait_for(first, "PROCESSING")
    jobs = [c.submit(gate, api_name="/hold")]
    wait_for(jobs[0], "IN_QUEUE")
    jobs.append(c.submit(gate, api_name="/hold"))
    waiting = wait_for(jobs[1], "IN_QUEUE")
    client("/gates/").predict(gate, api_name="/open")
    seen = {"rank": waiting.rank, "size": waiting.queue_size}
    seen["results"] = [job.result(timeout=20) for job in (first, *jobs)]
    seen["last"] = jobs[1].status().code.name
    return seen


def progress():
    c, gates, gate = client("/held/"), client("/gates/"), str(uuid.uuid4())
    job = c.submit(gate, api_name="/steps")
    unit = wait_for(job, "PROGRESS").progress_data[0]
    gates.predict(gate, api_name="/open")
    log = wait_for(job, "LOG").log
    gates.predict(f"{gate} again", api_name="/open")
    return {"unit": [unit.index, unit.length, unit.unit, unit.desc], "log": list(log), "result": job.result(timeout=20)}


def cancel_running():
    c = client()
    job = c.submit(0.05, api_name="/count")
    wait_for(job, "ITERATING")
    job.cancel()
    outcome = error_of(lambda: job.result(timeout=20))
    free = c.submit("again", 1, api_name="/echo").result(timeout=20)
    again = next(iter(c.submit(0.05, api_name="/count")))
    return {"outcome": outcome, "code": job.status().code.name, "free": free, "again": again}


def cancel_waiting():
    c, gate = client("/held/"), str(uuid.uuid4())
    first = c.submit(gate, api_name="/hold")
    wait_for(first, "PROCESSING")
    second, third = c.submit(gate, api_name="/hold"), c.submit(gate, api_name="/hold")
    wait_for(second, "IN_QUEUE")
    second.cancel()
    outcome = error_of(lambda: second.result(timeout=20))
    client("/gates/").predict(gate, api_name="/open")
    return {"outcome": outcome, "others": [first.result(timeout=20), third.result(timeout=20)]}


def files():
    result = client().predict(handle_file(FILE), api_name="/shout")
    return {"text": Path(result).read_text(), "name": Path(result).name}


def bad_file():
    return error_of(lambda: client().predict({"path": "/etc/passwd", "orig_name": "passwd"}, api_name="/shout"))


def state():
    one, two = client(), client()
    return [
        one.predict("a", api_name="/remember"),
        one.predict("b", api_name="/remember"),
        two.predict("c", api_name="/remember"),
    ]


def errors():
    c, talkative = client(), client("/open/")
    late = c.submit("first", api_name="/fail_late")
    return {
        "gr": error_of(lambda: c.predict("gr", api_name="/fail")),
        "plain": error_of(lambda: c.predict("plain", api_name="/fail")),
        "shown": error_of(lambda: talkative.predict("plain", api_name="/fail")),
        "late": error_of(lambda: late.result(timeout=20)),
        "late_values": late.outputs(),
        "after": c.predict("fine", 1, api_name="/echo"),
    }


def queue_full():
    c, gate = client("/full/"), str(uuid.uuid4())
    jobs = [c.submit(gate, api_name="/hold")]
    wait_for(jobs[0], "PROCESSING")
    jobs += [c.submit(gate, api_name="/hold") for _ in range(2)]
    for job in jobs[1:]:
        wait_for(job, "IN_QUEUE")
    refused = error_of(lambda: c.predict(gate, api_name="/hold"))
    client("/gates/").predict(gate, api_name="/open")
    return {"refused": refused, "others": [job.result(timeout=20) for job in jobs]}


def batch():
    c = client()
    jobs = [c.submit(number, api_name="/double") for number in range(6)]
    return [job.result(timeout=20) for job in jobs]


def unqueued():
    return client().predict("now", 2, api_name="/direct")


def undocumented():
    c = client()
    return {
        "hidden": c.predict("psst", 1, api_name="/hidden"),
        "private": error_of(lambda: c.predict("x", 1, fn_index=13)),
        "unknown": error_of(lambda: c.predict("x", api_name="/nothing")),
    }


def threads():
    c = client()
    with concurrent.futures.ThreadPoolExecutor(2 if OLD else 8) as pool:  # more lose messages inside the old client
        return list(pool.map(lambda i: c.predict(f"t{i}", i, api_name="/echo"), range(24)))


def interface():
    c, steps = client("/greeter/"), client("/counter/")
    return {
        "answers": [c.predict("Ada"), c.predict("Ada", api_name="/predict")],
        "named": sorted(c.view_api(return_format="dict", print_info=False)["named_endpoints"]),
        "steps": list(steps.submit("ab")),
    }


def request():
    return client().predict(api_name="/who")


def functions_alone():
    c = client("/programs/")
    file = c.predict(handle_file(FILE), api_name="/loud")
    return [
        c.predict(a=3, api_name="/slices"),
        c.predict(1, 2, ["x", "y"], api_name="/slices"),
        Path(file).read_text(),
    ]


def conversation():
    c = client("/chat/")
    first = c.predict("a", api_name="/chat")
    job = c.submit(message="b", manner="kindly", api_name="/chat")
    return {
        "first": first,
        "second": job.result(timeout=20),
        "steps": job.outputs(),
        "other": client("/chat/").predict("c", api_name="/chat"),
    }


SCENARIOS = [
    predict, many, interface, iterate, view_api, view_all, status, progress, cancel_running, cancel_waiting, files,
    bad_file, state, errors, queue_full, batch, unqueued, undocumented, threads, request,
    functions_alone, conversation,
]  # fmt: skip


def main():
    outcomes = {}
    for scenario in [each for each in SCENARIOS if each.__name__ in (sys.argv[3:] or [each.__name__])]:
        try:
            outcomes[scenario.__name__] = scenario()
        except BaseException:
            outcomes[scenario.__name__] = {"crashed": traceback.format_exc()[-1500:]}
    print("OUTCOMES", json.dumps(outcomes, default=str))
    sys.stdout.flush()
    os._exit(0)  # clients keep threads that would outlive us


main()
