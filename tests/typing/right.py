"""What users write, and what editors and type checkers make of it. Checked, never run."""

from collections.abc import Iterator

from django import forms
from django.contrib.auth.models import Group

import blocks_app as gr


def greet(name: str) -> str:
    return f"Hello {name}"


def count(times: float) -> Iterator[str]:
    yield from map(str, range(int(times)))


with gr.Blocks(title="Right") as demo:
    with gr.Row(), gr.Column(scale=2):
        name = gr.Textbox(label="Name", lines=2, placeholder="Ada", elem_id="name")
        times = gr.Slider(1, 10, value=3, step=1, label="Times")
        choice = gr.Dropdown(["a", "b"], value="a", multiselect=True, buttons=[gr.Button("All", size="sm")])
    out = gr.Textbox(buttons=["copy", gr.Button("Again")], rtl=True)
    notes = gr.TextArea("Text", lines=9, placeholder="Notes", max_length=100)
    files = gr.Files(file_types=[".csv"], container=False)
    state = gr.State([])
    button = gr.Button("Run", variant="primary")

    click = button.click(greet, name, out, api_name="greet", concurrency_limit=2, trigger_mode="once", retries=1)
    reveal_type(click)  # Listener
    then = click.then(greet, inputs=[name], outputs=[out], show_progress="hidden").success(None, js="() => 1")
    reveal_type(then)  # Listener
    name.submit(greet, name, out, "by_position")
    times.release(count, times, out, cancels=[click])
    gr.on([button.click, name.submit], greet, name, out)
    gr.on(triggers=button.click, fn=greet, inputs={name}, outputs=out)
    demo.load(lambda: "loaded", None, out, every=2)
    timer = gr.Timer(2)
    timer.tick(lambda: "tick", outputs=out)

    @button.click(inputs=name, outputs=out)
    def decorated(name: str) -> str:
        return name

    reveal_type(decorated)  # (name: str) -> str

    @gr.on([name.change, times.change], inputs=[name, times], outputs=out)
    def both(name: str, times: float) -> str:
        return name * int(times)

    reveal_type(both)  # (name: str, times: float) -> str

    @demo.unload
    def left() -> None:
        pass

    @gr.render(inputs=name)
    def more(text: str) -> None:
        gr.Button(text).click(greet, name, out)

    with gr.Tabs() as tabs, gr.Tab("One") as tab:
        tab.select(lambda: None)

    def picked(event: gr.SelectData, request: gr.Request, progress: gr.Progress = gr.Progress()) -> str:
        return f"{event.index} {request.username}"

    choice.select(picked, None, out)

reveal_type(name.change)  # BoundEvent
reveal_type(demo.queue(max_size=20, default_concurrency_limit=4))  # Blocks
launched = demo.queue(max_size=20).launch(server_port=7861, prevent_thread_lock=True, auth=("ann", "secret"))
reveal_type(launched.local_url)  # str
app, local_url, share_url = launched


class Contact(forms.Form):
    text = forms.CharField()


def send(form: Contact, request: gr.Request) -> str:
    return f"Thank you, {request.username}."


contact = gr.from_form(Contact, save=send, form_kwargs=lambda request: {"prefix": request.path_params["team"]})
reveal_type(contact.submit)  # Listener
contact.saved.then(greet, contact.message, contact.fields["text"])
groups = gr.from_model(
    Group.objects.filter(name="x"), fields=["name"], list_display=["name", str], permissions={"view": True, "add": False}
)
reveal_type(groups.table)  # Dataframe


@gr.mcp.tool(name="shout", structured_output=True)
def shout(word: str, x_token: gr.Header) -> str:
    return f"{word} {x_token}"


@gr.mcp.prompt
def ask(topic: str) -> str:
    return topic


gr.mcp.resource("notes://{name}", mime_type="text/plain")(greet)
demo.serving(mcp_server=True).launch(mcp_server=True)
gr.from_model(Group, queryset=lambda request: Group.objects.all(), permissions=lambda user, action, group: True)
