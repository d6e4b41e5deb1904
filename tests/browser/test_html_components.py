"""gr.HTML as a component of its own: templates, styles, script and server functions, under the strict policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

import blocks_app as gr

Serve = Callable[..., str]

RATING = {
    "html_template": """
        <div role="radiogroup" aria-label="Stars">
          ${Array.from({length: most}, (_, i) => `
            <button type="button" role="radio" class="star ${i < value ? "on" : ""}" aria-checked="${i + 1 == value}"
              aria-label="${i + 1} of ${most}">★</button>`).join("")}
        </div>
        <ul>{{#each notes}}<li>{{@index}}: {{this}}</li>{{else}}<li>no notes</li>{{/each}}</ul>""",
    "css_template": """
        padding: 4px;
        .star { font-size: 24px; min-width: 32px; cursor: pointer; color: #595959 }
        .star.on { color: ${colour} }""",
    "js_on_load": """
        element.addEventListener("click", (event) => {
          const stars = [...element.querySelectorAll(".star")];
          if (!event.target.matches(".star")) return;
          props.value = stars.indexOf(event.target) + 1;
          trigger("rated", {stars: props.value});
        });""",
}


def rating(value: int = 2, **more: Any) -> gr.HTML:
    """Stars to click."""
    return gr.HTML(value, **RATING, most=5, colour="rgb(160, 60, 0)", notes=[], elem_id="it", **more)


def page_with_rating() -> gr.Blocks:
    """A rating, what it says, and a button that changes it."""
    with gr.Blocks(title="Rating") as demo:
        gr.Markdown("# A rating")
        it = rating(label="Your rating", container=True, padding=True)
        stars = gr.Textbox(label="Said")
        change = gr.Button("Change")
        change.click(lambda: gr.HTML(4, notes=["<b>good</b>", "cheap"], colour="rgb(0, 0, 200)"), None, it)

        def tell(value: int, event: gr.EventData) -> str:
            return f"{event.stars} stars, value {value}"

        it.rated(tell, it, stars)
    return demo


def test_a_template_draws_and_an_event_of_its_own_is_heard(serve: Serve, page: Page) -> None:
    page.goto(serve(page_with_rating()))
    stars = page.locator("#it .star")
    expect(stars).to_have_count(5)
    expect(page.locator("#it .star.on")).to_have_count(2)
    expect(page.locator("#it li")).to_have_text(["no notes"])
    expect(stars.first).to_have_css("color", "rgb(160, 60, 0)")
    stars.nth(2).click()
    expect(page.get_by_label("Said")).to_have_value("3 stars, value 3")
    expect(page.locator("#it .star.on")).to_have_count(3)
    expect(stars.nth(2)).to_be_focused()  # drawn anew, the nodes have stayed


def test_an_update_changes_value_and_properties(serve: Serve, page: Page) -> None:
    page.goto(serve(page_with_rating()))
    page.get_by_role("button", name="Change").click()
    expect(page.locator("#it .star.on")).to_have_count(4)
    expect(page.locator("#it li")).to_have_text(["0: <b>good</b>", "1: cheap"])
    expect(page.locator("#it .star").first).to_have_css("color", "rgb(0, 0, 200)")


def test_styles_hold_inside_it_alone(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        rating()
        gr.HTML("<button class='star on'>other</button>", elem_id="other")
    page.goto(serve(demo))
    expect(page.locator("#it .html-container")).to_have_css("padding", "4px")
    assert page.locator("#other .star").evaluate("it => getComputedStyle(it).color") != "rgb(160, 60, 0)"


def test_it_is_accessible_on_a_phone_in_light_and_dark(serve: Serve, new_page, axe) -> None:
    with gr.Blocks() as demo:
        gr.Markdown("# A page")
        gr.HTML(["a", "b"], html_template="<p>{{#each value}}{{this}} {{/each}}</p>", elem_id="it", min_height=30)
    url = serve(demo)
    for scheme in ("light", "dark"):
        page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
        page.goto(url)
        expect(page.locator("#it p")).to_have_text("a b")
        axe(page)


def test_server_functions_answer_and_tell_their_errors(serve: Serve, page: Page, complaints) -> None:
    def add(a: int, b: int) -> dict[str, int]:
        return {"sum": a + b}

    async def host(request: gr.Request) -> str:
        return request.headers["host"]

    def fail() -> None:
        raise gr.Error("Not today", print_exception=False)

    script = """
        const {sum} = await server.add(20, 22);
        const told = await server.fail().catch((error) => error.message);
        props.value = `${sum} ${await server.host()} ${told}`;
    """
    with gr.Blocks() as demo:
        gr.HTML(
            "", html_template="<p>${value}</p>", js_on_load=script, server_functions=[add, host, fail], elem_id="it"
        )
    url = serve(demo)
    page.goto(url)
    expect(page.locator("#it p")).to_have_text(f"42 {url.removeprefix('http://').rstrip('/')} Not today")
    complaints.forgive("status of 500")


def test_watch_tells_of_changes_by_the_app_and_upload_gives_an_address(serve: Serve, page: Page) -> None:
    script = """
        watch("value", () => { element.dataset.seen = `${element.dataset.seen ?? ""}${props.value}` });
        props.value = "own";
        const {path, url} = await upload(new File(["hello"], "note.txt", {type: "text/plain"}));
        element.dataset.text = await (await fetch(url)).text();
    """
    with gr.Blocks() as demo:
        it = gr.HTML("first", html_template="<p>${value}</p>", js_on_load=script, elem_id="it")
        gr.Button("Set").click(lambda: "theirs", None, it)
    page.goto(serve(demo))
    place = page.locator("#it .html-container")
    expect(place).to_have_attribute("data-text", "hello")
    page.get_by_role("button", name="Set").click()
    expect(place.locator("p")).to_have_text("theirs")
    expect(place).to_have_attribute("data-seen", "theirs")


def test_what_its_head_loads_is_there_before_its_script(serve: Serve, page: Page) -> None:
    head, script = "<script>window.library = 'loaded'</script>", "element.textContent = window.library"
    with gr.Blocks() as demo:
        gr.HTML("", head=head, js_on_load=script, elem_id="it")
    page.goto(serve(demo))
    expect(page.locator("#it")).to_contain_text("loaded")


def test_a_mistake_in_a_template_is_told_and_the_page_goes_on(serve: Serve, page: Page, complaints) -> None:
    with gr.Blocks() as demo:
        gr.HTML("x", html_template="${nothing.at.all}", elem_id="it")
        gr.HTML("x", html_template="${ (}", elem_id="other")
        gr.Textbox("still here", label="Box")
    with (
        page.expect_console_message(lambda line: "of it failed" in line.text),
        page.expect_console_message(lambda line: "of other failed" in line.text),
    ):
        page.goto(serve(demo))
    expect(page.get_by_label("Box")).to_have_value("still here")
    for words in ("of it failed", "of other failed", "Unexpected token"):
        complaints.forgive(words)


HOSTILE = "${document.title = 'pwned'}{{#if a}}<img src=x onerror=\"document.title='pwned'\">`; alert(1); //"


def test_t15_values_are_never_code_and_braces_escape(serve: Serve, page: Page) -> None:
    with gr.Blocks(title="Safe") as demo:
        it = gr.HTML("", html_template="<p title='{{value}}'>{{value}}</p>", elem_id="it")
        box = gr.Textbox(label="Say")
        box.submit(lambda text: text, box, it)
    page.goto(serve(demo))
    page.get_by_label("Say").fill(HOSTILE)
    page.get_by_label("Say").press("Enter")
    expect(page.locator("#it p")).to_have_text(HOSTILE)
    expect(page.locator("#it p")).to_have_attribute("title", HOSTILE)
    expect(page.locator("#it img")).to_have_count(0)
    expect(page).to_have_title("Safe")


def test_an_element_whose_module_comes_late_is_itself(serve, page: Page, complaints) -> None:
    held: list[Route] = []
    with gr.Blocks() as demo:
        gr.HTML("<p>late</p>", elem_id="it")
        gr.Textbox(label="Here")
    page.clock.install()
    page.route("**/assets/html-*.js", lambda route: held.append(route))
    page.goto(serve(demo), wait_until="commit")
    while not held:
        page.wait_for_timeout(50)
    page.clock.fast_forward(11_000)
    expect(page.locator("#it")).to_have_text("html could not be loaded.")
    held.pop().continue_()
    expect(page.locator("#it p")).to_have_text("late")
    expect(page.locator("#it")).to_have_count(1)
    complaints.forgive("It took too long.")
