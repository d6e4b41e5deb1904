"""Code and its parts.

An editor for Python, and what Python's own parser makes of it.
"""

import ast

import blocks_app as gr

START = """def area(width, height):
    # in square metres
    return width * height
"""


def read(code):
    try:
        return ast.dump(ast.parse(code), indent=2)
    except SyntaxError as error:
        raise gr.Error(f"Line {error.lineno}: {error.msg}") from error


with gr.Blocks(title="Code and its parts") as demo:
    gr.Markdown("# Code and its parts")
    with gr.Row():
        code = gr.Code(
            START, language="python", label="Python", lines=8, autocomplete=True, interactive=True, min_width=320
        )
        tree = gr.Code(label="Syntax tree", language="python", lines=8, max_lines=14, interactive=False, min_width=320)
    gr.Button("Read", variant="primary").click(read, code, tree)

if __name__ == "__main__":
    demo.launch()
