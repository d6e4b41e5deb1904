"""Reverse, behind a login.

Turns a text around, for those who log in as `username` with the password `password`. Only this demo asks for them.
"""

import blocks_app as gr


def reverse(text, request: gr.Request):
    return text[::-1], f"{request.username} asked"


with gr.Blocks(title="Reverse") as demo:
    text = gr.Textbox(label="Text", placeholder="Write something")
    turned = gr.Textbox(label="Reversed")
    who = gr.Textbox(label="Who")
    gr.Button("Reverse", variant="primary").click(reverse, text, [turned, who])

demo.protect(
    auth=("username", "password"),
    auth_message="<p>The name is <b>username</b>, the password is <b>password</b>.</p>",
)

if __name__ == "__main__":
    demo.launch()
