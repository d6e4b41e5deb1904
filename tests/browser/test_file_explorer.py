"""FileExplorer in a real browser: another folder by an update, and a door that is shut."""

from __future__ import annotations

import json

from playwright.sync_api import expect

import blocks_app as gr


def test_an_update_lists_another_folder_for_this_page(page, serve, tmp_path):
    for name in ("one/a.txt", "two/b.txt", "two/deep/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with gr.Blocks() as demo:
        files = gr.FileExplorer(root_dir=tmp_path / "one", label="Files")
        gr.Button("Other").click(lambda: gr.FileExplorer(root_dir=tmp_path / "two"), None, files)
        chosen = gr.Textbox(label="Chosen")
        files.change(lambda paths: ", ".join(paths), files, chosen)
    page.goto(serve(demo))
    expect(page.get_by_label("a.txt")).to_be_visible()
    page.get_by_role("button", name="Other").click()
    page.get_by_role("button", name="deep").click()
    page.get_by_label("c.txt").check()
    expect(page.get_by_label("Chosen")).to_have_value(str(tmp_path / "two" / "deep" / "c.txt"))
    program = page.request.post(f"{page.url}run/ls", data={"fn_index": 0, "data": [[[], 0]], "session_hash": "x"})
    assert program.status == 404


def test_a_page_that_asks_for_another_place_gets_nothing(page, serve, tmp_path, complaints):
    (tmp_path / "shown" / "deep").mkdir(parents=True)
    with gr.Blocks() as demo:
        gr.FileExplorer(root_dir=tmp_path / "shown")
    page.goto(serve(demo))
    deep = page.get_by_role("button", name="deep")
    expect(deep).to_be_visible()

    def ask_for_what_is_above(route):
        route.continue_(post_data=json.dumps({**route.request.post_data_json, "data": [[[".."], 0]]}))

    page.route("**/run/ls*", ask_for_what_is_above)
    deep.click()
    expect(page.get_by_role("alert").first).to_have_text("This folder is not there any more.")
    complaints.forgive("500")
