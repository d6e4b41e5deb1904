"""Mistakes that editors and type checkers see: each marked line, and no other. Checked, never run."""

from django.contrib.auth.models import Group

import blocks_app as gr


def greet(name: str) -> str:
    return name


with gr.Blocks() as demo:
    name, out = gr.Textbox(), gr.Textbox()
    button = gr.Button()
    button.clck(greet, name, out)  # wrong: the event is called click
    button.submit(greet, name, out)  # wrong: a Button has no submit
    name.click(greet, name, out)  # wrong: a Textbox has no click
    button.click(greet, "name", out)  # wrong: a name is no component
    button.click(greet, name, out, concurency_limit=2)  # wrong: misspelt option
    button.click(greet, name, out, trigger_mode="twice")  # wrong: no such mode
    button.click(greet, name, out).than(greet)  # wrong: misspelt then
    gr.Textbox(lable="Name")  # wrong: misspelt option
    gr.Textbox(lines="two")  # wrong: lines is a number
    gr.TextArea(placeholder=3)  # wrong: a hint is a text
    gr.Checkbox(buttons=["copy"])  # wrong: a Checkbox has no such button
    gr.Number(rtl=True)  # wrong: a Number has no direction
    gr.Button(variant="huge")  # wrong: no such variant
    gr.Textbx()  # wrong: misspelt component
    gr.Slider(1, 10, stap=1)  # wrong: misspelt option
    gr.on([greet], greet)  # wrong: a function is no event
    with gr.Tabs() as tabs:
        tabs.click(greet)  # wrong: Tabs has no click

demo.lunch()  # wrong: misspelt launch
demo.launch(server_prt=7861)  # wrong: misspelt argument
demo.launch(server_port="7861")  # wrong: a port is a number
demo.queue(maxsize=3)  # wrong: misspelt argument
gr.from_form("Contact")  # wrong: a name is no form
gr.from_model(gr.Textbox)  # wrong: a component is no model
gr.from_model(Group, permissions="view")  # wrong: no such way
