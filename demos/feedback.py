"""Feedback.

A small component of one's own: `gr.HTML` with a template, styles and a script. A validator looks at the inputs before
anything runs, and a `gr.Button` stands in the corner of the text field.
"""

import blocks_app as gr


class Stars(gr.HTML):
    """Some stars to click; the value is how many."""

    names = ["Bad", "Poor", "Fair", "Good", "Great"]
    template = """
      <div role="radiogroup" aria-label="Stars">
        ${names.map((name, i) => `<button type="button" role="radio" class="${i < value ? "on" : ""}"
          aria-label="${name}" aria-checked="${i + 1 === value}">★</button>`).join("")}
        <span>{{#if value}}${names[value - 1]}{{/if}}</span>
      </div>
    """
    styles = """
      button { min-width: 40px; text-align: start; font-size: 32px; color: var(--neutral-400); cursor: pointer }
      button.on { color: ${color} }
    """
    script = """
      element.addEventListener("click", (event) => {
        const all = [...element.querySelectorAll("button")];
        if (!all.includes(event.target)) return;
        props.value = all.indexOf(event.target) + 1;
        trigger("rated", {name: props.names[props.value - 1]});
      });
    """

    def __init__(self, value=0, color="#d97706", **options):
        super().__init__(
            value,
            html_template=self.template,
            css_template=self.styles,
            js_on_load=self.script,
            names=self.names,
            color=color,
            **options,
        )


def check(stars, words):
    return [
        gr.validate(stars > 0, "Click a star first."),
        gr.validate(len(words) <= 200, "Please use at most 200 letters."),
    ]


def thank(stars, words):
    return f"Thank you for {stars} of 5 stars" + (f" and {len(words.split())} words." if words else ".")


def ask(event: gr.EventData):
    return gr.Textbox(label=f"Why {event.name.lower()}?")


with gr.Blocks(title="Feedback") as demo:
    gr.Markdown("# Feedback")
    stars = Stars(label="How was it?", container=True)
    empty = gr.Button("Empty", size="sm")
    words = gr.Textbox(label="In your words", lines=3, buttons=["copy", empty])
    send = gr.Button("Send", variant="primary")
    answer = gr.Markdown()
    empty.click(lambda: "", None, words)
    stars.rated(ask, None, words)
    send.click(thank, [stars, words], answer, validator=check)

if __name__ == "__main__":
    demo.launch()
