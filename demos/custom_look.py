"""Own css and js.

A style sheet, a script for the page, and a listener that never asks the server.
"""

import blocks_app as gr

CSS = """
#headline h1 { letter-spacing: 0.2em; text-transform: uppercase; }
.warm textarea { background: #fff3e0; color: #5d2a00; border-radius: 1rem; }
"""

with gr.Blocks(
    title="Own css and js",
    theme=gr.themes.Soft(),
    css=CSS,
    js="() => { document.documentElement.dataset.greeted = 'yes'; }",
    head='<meta name="description" content="A page with its own look">',
) as demo:
    gr.Markdown("# Own look", elem_id="headline")
    text = gr.Textbox("stressed", label="Text", lines=2, elem_classes="warm")
    reversed_text = gr.Textbox(label="Reversed in the browser")
    text.change(None, text, reversed_text, js="(text) => [...text].reverse().join('')")
    gr.Button("Reverse with both").click(
        lambda text: f"{text} (seen by the server)",
        text,
        reversed_text,
        js="(text) => [...text].reverse().join('')",
    )

if __name__ == "__main__":
    demo.launch()
