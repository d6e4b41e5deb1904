"""All components.

Every component of this version on one page, to look at and to try.
"""

import blocks_app as gr

TEXT = """
## Markdown

A *list*, a **table** and `code`:

| Planet | Moons |
| --- | ---: |
| Earth | 1 |
| Mars | 2 |

```python
def greet(name):
    return f"Hello {name}!"
```

And a formula: $$e^{i\\pi} + 1 = 0$$
"""

with gr.Blocks(title="All components") as demo:
    gr.Markdown("# All components")
    with gr.Row():
        with gr.Column():
            gr.Textbox(label="Textbox", info="One line", placeholder="Type here", interactive=True)
            gr.Textbox(label="Several lines", lines=3, show_copy_button=True, value="Copy me", interactive=True)
            gr.Textbox(label="Password", type="password", value="secret", interactive=True)
            gr.Number(42, label="Number", minimum=0, maximum=100, interactive=True)
            gr.Slider(0, 10, value=3, step=0.5, label="Slider", info="Drag it, or type the number", interactive=True)
            gr.Checkbox(True, label="Checkbox", interactive=True)
            gr.CheckboxGroup(["red", "green", "blue"], value=["green"], label="CheckboxGroup", interactive=True)
            gr.Radio(["small", "medium", "large"], value="medium", label="Radio", interactive=True)
            gr.Dropdown(["apple", "banana", "cherry"], value="apple", label="Dropdown", interactive=True)
            gr.Dropdown(
                ["apple", "banana", "cherry"],
                value=["apple", "cherry"],
                multiselect=True,
                label="Several choices",
                interactive=True,
            )
            with gr.Row():
                gr.Button("Primary", variant="primary")
                gr.Button("Secondary")
                gr.Button("Stop", variant="stop")
        with gr.Column():
            gr.Markdown(TEXT)
            gr.HTML("<p>Plain <b>HTML</b></p>")
            gr.JSON({"name": "Ada", "tags": ["a", "b"], "nested": {"deep": [1, 2, {"three": None}]}}, label="JSON")
            gr.HighlightedText([("The", None), (" quick", "adjective"), (" fox", "noun")], label="HighlightedText")
            gr.Label({"cat": 0.7, "dog": 0.25, "bird": 0.05}, label="Label")
            gr.Image(label="Image", height=200)
            gr.AnnotatedImage(label="AnnotatedImage")
            gr.File(label="File")

if __name__ == "__main__":
    demo.launch()
