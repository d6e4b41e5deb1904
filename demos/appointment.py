"""Appointment.

A date, a colour, and a function that gets both as it likes them.
"""

import blocks_app as gr


def book(start, color):
    if start is None:
        raise gr.Error("Choose a time first.")
    return f"<b style='border-left: 1em solid {color}; padding-left: .5em'>{start:%A, %d %B %Y, %H:%M %Z}</b>"


with gr.Blocks(title="Appointment") as demo:
    gr.Markdown("# Appointment")
    with gr.Row():
        start = gr.DateTime(
            "2030-05-01 09:30:00",
            type="datetime",
            timezone="Europe/Berlin",
            label="Start",
            info="now works too",
            min_width=320,
        )
        color = gr.ColorPicker("#ea580c", label="Colour", info="For the calendar", min_width=320)
    entry = gr.HTML(label="Entry")
    gr.on([start.submit, color.release], book, [start, color], entry)
    gr.Button("Book", variant="primary").click(book, [start, color], entry)

if __name__ == "__main__":
    demo.launch()
