"""Notes of the signed-in user.

Inside a Django site a function has `request.user` and the ORM: what you write is kept in the database, for you alone.
"""

import blocks_app as gr


def _notes_of(user):
    from demos._notebook.models import Note  # models can be imported only inside a Django project

    return Note.objects.filter(owner=user) if user.is_authenticated else Note.objects.none()


def show(request: gr.Request):
    user = request.user
    if not user.is_authenticated:
        return "You are not signed in. [Sign in](/admin/login/?next=/notes/) to keep notes.", ""
    notes = "\n".join(f"- {note.text}" for note in _notes_of(user))
    return f"Signed in as **{user.get_username()}**", notes or "No notes yet."


def keep(text, request: gr.Request):
    if not request.user.is_authenticated:
        raise gr.Error("Sign in to keep notes.")
    if not text.strip():
        raise gr.Error("Write something first.")
    _notes_of(request.user).create(owner=request.user, text=text.strip())
    return "", show(request)[1]


with gr.Blocks(title="Notes of the signed-in user") as demo:
    gr.Markdown("# Notes of the signed-in user")
    who = gr.Markdown()
    text = gr.Textbox(label="New note")
    notes = gr.Markdown()
    gr.on([gr.Button("Keep", variant="primary").click, text.submit], keep, text, [text, notes])
    demo.load(show, None, [who, notes])

if __name__ == "__main__":
    demo.launch()
