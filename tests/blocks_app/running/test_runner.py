"""The runner: every kind of function, what is injected, updates, states, errors, and that nothing is left running."""

from __future__ import annotations

import asyncio
import threading

import pytest

import blocks_app as gr
from blocks_app.exceptions import CallError
from blocks_app.running.notifications import Report
from blocks_app.running.runner import Call, Failure, describe_error, run
from blocks_app.running.state import SessionState
from blocks_app.threads.call_threads import Threads


def steps(demo, *data, fn=0, **call):
    """All steps of one call of a listener."""

    async def main():
        threads = Threads(4)
        try:
            made = run(demo, [Call(demo.dependencies[fn], list(data), **call)], threads)
            return [step[0] async for step in made]
        except Failure as failure:
            raise failure.error from None
        finally:
            threads.close()

    return asyncio.run(main())


def page(fn, inputs=1, outputs=1, **options):
    with gr.Blocks() as demo:
        ins = [gr.Textbox(label=f"in{n}") for n in range(inputs)]
        outs = [gr.Textbox(label=f"out{n}") for n in range(outputs)]
        gr.Button().click(fn, ins, outs, **options)
    return demo


def test_sync_async_and_their_generators_give_the_same_values():
    def plain(x):
        return f"{x}!"

    async def later(x):
        await asyncio.sleep(0)
        return f"{x}!"

    def stream(x):
        yield x
        yield f"{x}!"

    async def later_stream(x):
        yield x
        yield f"{x}!"

    assert [step.data for step in steps(page(plain), "a")] == [["a!"]]
    assert [step.data for step in steps(page(later), "a")] == [["a!"]]
    for fn in (stream, later_stream):
        made = steps(page(fn), "a")
        assert [step.data for step in made] == [["a"], ["a!"], ["a!"]]
        assert [step.final for step in made] == [False, False, True]


def test_user_code_never_runs_on_the_calling_loop():
    def where():
        return threading.current_thread().name

    async def where_async():
        return threading.current_thread().name

    for fn in (where, where_async):
        (step,) = steps(page(fn, inputs=0))
        assert step.data[0] != threading.current_thread().name


def test_a_set_of_inputs_is_one_dict():
    with gr.Blocks() as demo:
        a, b = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda values: values[a] + values[b], {a, b}, a)
    assert steps(demo, "x", "y")[0].data == ["xy"]


def test_injected_objects_stand_anywhere_and_defaults_stay():
    def fn(request: gr.Request, x, evt: gr.SelectData, y="own"):
        return f"{request.username} {x} {evt.index} {evt.value} {y}"

    request = gr.Request(username="ada")
    (step,) = steps(page(fn), "in", request=request, event_data={"index": 3, "value": "three"})
    assert step.data == ["ada in 3 three own"]


def test_a_dict_keyed_by_outputs_updates_only_these():
    with gr.Blocks() as demo:
        a, b = gr.Textbox(), gr.Textbox()
        gr.Button().click(lambda: {b: "new"}, None, [a, b])
    assert steps(demo)[0].data == [{"__type__": "update"}, "new"]


def test_a_dict_with_a_foreign_component_is_refused():
    with gr.Blocks() as demo:
        a, b = gr.Textbox(), gr.Textbox(label="B")
        gr.Button().click(lambda: {b: "new"}, None, a)
    with pytest.raises(CallError, match="not specified as output of function"):
        steps(demo)


def test_a_returned_component_is_an_update_of_what_was_written():
    (step,) = steps(page(lambda: gr.Textbox(label="L", value=2), inputs=0))
    assert step.data == [{"__type__": "update", "label": "L", "value": "2"}]


def test_update_value_none_sets_none_and_unknown_names_are_dropped():
    (step,) = steps(page(lambda: gr.update(value=None, nonsense=1), inputs=0))
    assert step.data == [{"__type__": "update", "value": None}]


def test_a_session_remembers_updated_choices():
    with gr.Blocks() as demo:
        menu, out = gr.Dropdown(["a"]), gr.Textbox()
        gr.Button().click(lambda: gr.Dropdown(choices=["b"]), None, menu)
        gr.Button().click(lambda x: x, menu, out)
    session = SessionState()
    with pytest.raises(gr.Error):
        steps(demo, "b", fn=1, session=session)
    steps(demo, session=session)
    assert steps(demo, "b", fn=1, session=session)[0].data == ["b"]


def test_too_few_values_are_told_and_too_many_warned():
    with pytest.raises(CallError, match=r"enough output values \(needed: 2, received: 1\)"):
        steps(page(lambda: ["only"], inputs=0, outputs=2))
    with pytest.warns(UserWarning, match="too many output values"):
        steps(page(lambda: ["a", "b", "c"], inputs=0, outputs=2))
    with pytest.raises(CallError, match=r"enough input values \(needed: 2, got: 1\)"):
        steps(page(lambda a, b: a, inputs=2), "one")


def test_state_is_handed_over_by_reference_and_never_sent():
    with gr.Blocks() as demo:
        state, out = gr.State([]), gr.Textbox()
        gr.Button().click(lambda seen: (seen.append(1), len(seen))[1], state, out)
    session = SessionState()
    assert steps(demo, None, session=session)[0].data == ["1"]
    assert steps(demo, None, session=session)[0].data == ["2"]
    assert steps(demo, None)[0].data == ["1"]


def test_states_that_changed_are_named_when_somebody_listens():
    with gr.Blocks() as demo:
        state = gr.State(0)
        gr.Button().click(lambda n: n + 1, state, state)
        gr.Button().click(lambda n: n, state, state)
        state.change(lambda: None)
    session = SessionState()
    assert steps(demo, None, session=session)[0].changed_state_ids == [state._id]
    assert steps(demo, None, fn=1, session=session)[0].changed_state_ids == []


def test_raw_values_without_pre_and_postprocessing():
    demo = page(lambda x: {"raw": x}, preprocess=False, postprocess=False)
    assert steps(demo, 3)[0].data == [{"raw": 3}]


def test_a_batch_gets_lists_and_its_results_are_shared_out():
    sizes = []

    def upper(texts):
        sizes.append(len(texts))
        return [[text.upper() for text in texts]]

    demo = page(upper, batch=True)

    async def main():
        threads = Threads(2)
        calls = [Call(demo.dependencies[0], [text]) for text in "abc"]
        try:
            return [made async for made in run(demo, calls, threads)]
        finally:
            threads.close()

    (made,) = asyncio.run(main())
    assert sizes == [3]
    assert [step.data for step in made] == [["A"], ["B"], ["C"]]
    assert made[0].is_generating is None


def test_closing_early_closes_the_generator_in_its_own_thread():
    ended = threading.Event()
    names = []

    def endless():
        try:
            names.append(threading.current_thread().name)
            while True:
                yield "x"
        finally:
            names.append(threading.current_thread().name)
            ended.set()

    demo = page(endless, inputs=0)

    async def main():
        threads = Threads(2)
        made = run(demo, [Call(demo.dependencies[0], [])], threads)
        await made.__anext__()
        await made.aclose()
        threads.close()

    asyncio.run(main())
    assert ended.wait(5)
    assert names[0] == names[1]


@pytest.mark.parametrize("leaving", [False, True])
def test_an_async_generator_that_nobody_reads_ends_in_its_own_time(leaving):
    ended = threading.Event()

    async def endless():
        try:
            while True:
                yield "x"
        finally:
            for _ in range(200):
                await asyncio.sleep(0)
            ended.set()

    demo = page(endless, inputs=0)

    async def main():
        threads = Threads(2)
        made = run(demo, [Call(demo.dependencies[0], [])], threads)
        await made.__anext__()
        await made.aclose()
        if leaving:
            threads.close()
        assert await asyncio.to_thread(ended.wait, 10)
        if not leaving:
            threads.close()

    asyncio.run(main())


def test_more_generators_than_threads_still_all_advance():
    async def main():
        def pair():
            yield "1"
            yield "2"

        demo = page(pair, inputs=0)
        threads = Threads(1)
        open_ones = [run(demo, [Call(demo.dependencies[0], [])], threads) for _ in range(3)]
        first = [(await each.__anext__())[0].data for each in open_ones]
        for each in open_ones:
            await each.aclose()
        threads.close()
        return first

    assert asyncio.run(main()) == [["1"], ["1"], ["1"]]


def test_an_empty_generator_changes_nothing():
    def nothing():
        return
        yield

    assert steps(page(nothing, inputs=0))[-1].data == [{"__type__": "update"}]


def test_errors_come_through_and_are_told_as_wished():
    def fail():
        raise ValueError("secret")

    with pytest.raises(ValueError, match="secret") as caught:
        steps(page(fail, inputs=0))
    assert describe_error(caught.value, show_error=False).error is None
    assert describe_error(caught.value, show_error=True).error == "secret"
    shown = describe_error(gr.Error("Bad input", duration=3, title="Oops"), show_error=False)
    assert (shown.error, shown.duration, shown.title) == ("Bad input", 3, "Oops")


def test_a_function_that_exits_does_not_end_the_server():
    def stop():
        yield "a"
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        steps(page(stop, inputs=0))


def test_progress_and_toasts_reach_the_report():
    class Sink(Report):
        def __init__(self):
            self.seen = []

        def progress(self, units):
            self.seen.append([(unit.index, unit.length, unit.desc) for unit in units])

        def log(self, level, text, duration, visible, title):
            self.seen.append((level, text))

    def fn(progress=gr.Progress()):
        gr.Info("hello")
        gr.Warning("careful")
        for _ in progress.tqdm([1, 2], desc="work"):
            pass

    sink = Sink()
    steps(page(fn, inputs=0), report=sink)
    assert sink.seen == [
        ("info", "hello"), ("warning", "careful"),
        [(0, 2, "work")], [(1, 2, "work")], [(2, 2, "work")],
    ]  # fmt: skip


def test_tqdm_loops_report_themselves_when_tracked(capsys):
    import tqdm

    class Sink(Report):
        def __init__(self):
            self.seen = []

        def progress(self, units):
            self.seen.append((units[-1].index, units[-1].length, units[-1].desc))

    def fn(progress=gr.Progress(track_tqdm=True)):
        for _ in tqdm.tqdm([1, 2, 3], desc="loop"):
            pass

    sink = Sink()
    steps(page(fn, inputs=0), report=sink)
    assert (0, 3, "loop") in sink.seen
    assert (3, 3, "loop") in sink.seen
    assert capsys.readouterr().err == ""


def test_calling_a_page_from_python():
    assert page(lambda x: f"Welcome, {x}!")("Bob") == "Welcome, Bob!"
    with pytest.raises(CallError, match="either stateful or is a generator"):
        page(lambda: (yield 1), inputs=0)()
