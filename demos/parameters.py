"""Parameters.

What a function takes, read from its own signature.
"""

import inspect
import json
import textwrap

import blocks_app as gr

FUNCTIONS = {each.__name__: each for each in (json.dumps, textwrap.wrap, inspect.signature)}


def describe(name):
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    return {
        each.name: {
            "type": str(each.kind.description),
            "description": f"See the [manual of Python](https://docs.python.org/3/search.html?q={each.name}).",
            "default": None if each.default is each.empty else repr(each.default),
        }
        for each in parameters
    }


with gr.Blocks(title="Parameters") as demo:
    gr.Markdown("# Parameters")
    name = gr.Dropdown(list(FUNCTIONS), value="dumps", label="Function", interactive=True)
    shown = gr.ParamViewer(describe("dumps"), header="It takes", anchor_links=True, max_height=420)
    name.change(describe, name, shown)

if __name__ == "__main__":
    demo.launch()
