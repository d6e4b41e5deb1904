"""Translated.

Texts in the language of whoever asks: the app's own by gr.I18n, those of the page by themselves.
"""

import blocks_app as gr

i18n = gr.I18n(
    en={"title": "## Good morning", "name": "Name", "greet": "Greet", "hello": "Hello, {}!"},
    de={"title": "## Guten Morgen", "name": "Name", "greet": "Grüßen", "hello": "Hallo, {}!"},
    fr={"title": "## Bonjour", "name": "Nom", "greet": "Saluer", "hello": "Bonjour, {} !"},
    ar={"title": "## صباح الخير", "name": "الاسم", "greet": "تحية", "hello": "مرحبًا، {}!"},
    ja={"title": "## おはようございます", "name": "名前", "greet": "あいさつ", "hello": "こんにちは、{}さん！"},
)


def greet(name):
    """Greet in the visitor's language."""
    return str(i18n("hello")).format(name)


with gr.Blocks() as demo:
    gr.Markdown(i18n("title"))
    name = gr.Textbox(label=i18n("name"))
    greeting = gr.Textbox(show_copy_button=True, interactive=False)
    gr.Button(i18n("greet"), variant="primary").click(greet, name, greeting, api_name="greet")
    gr.File()

if __name__ == "__main__":
    demo.launch(i18n=i18n)
