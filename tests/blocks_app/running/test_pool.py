"""Threads that do not hold up the end of the program."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from blocks_app.threads.pool import Pool, at_work


def test_a_pool_runs_as_many_at_once_as_its_size_and_keeps_its_threads() -> None:
    pool = Pool(2, "test-pool")
    meeting = threading.Barrier(2)
    first = [pool.submit(meeting.wait, 60) for _ in range(2)]  # only two together get past it
    assert sorted(each.result(60) for each in first) == [0, 1]
    names = {pool.submit(lambda: threading.current_thread().name).result(60) for _ in range(50)}
    assert names <= {"test-pool_1", "test-pool_2"}
    pool.shutdown()


def test_results_and_exceptions_come_back() -> None:
    pool = Pool(1, "test-pool")
    assert pool.submit(divmod, 7, 2).result(60) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 7, 0).result(60)
    pool.shutdown()


def test_after_shutdown_what_runs_ends_and_what_waits_is_cancelled() -> None:
    pool, began, go_on = Pool(1, "test-pool"), threading.Event(), threading.Event()

    def work() -> str:
        began.set()
        go_on.wait(60)
        return "done"

    running, waiting = pool.submit(work), pool.submit(work)
    assert began.wait(60) and pool.busy == [running] and running in at_work()
    pool.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(work)
    go_on.set()
    assert running.result(60) == "done" and waiting.cancelled()


def test_python_ends_while_a_function_sleeps() -> None:
    program = (
        "import time; from blocks_app.threads.pool import Pool; Pool(1, 'p').submit(time.sleep, 1000); print('end')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "end\n", "")
