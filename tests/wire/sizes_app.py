"""What the servers of test_sizes.py serve: an app, and a site around it."""

from django.urls import path

import blocks_app as gr

with gr.Blocks() as demo:
    text, length = gr.Textbox(label="Text"), gr.Number(label="Length")
    gr.Button("Echo").click(lambda text: text, text, text)
    gr.Button("Count").click(lambda text: len(text), text, length)
    gr.Button("Make").click(lambda length: "é" * int(length // 2), length, text)

urlpatterns = [path("", demo.urls)]
