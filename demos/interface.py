"""Interface.

One function with its inputs and outputs is a whole app, in one line: buttons to submit, clear and flag, examples, and
more inputs folded away.
"""

import blocks_app as gr


def split(bill, people, tip):
    total = bill * (1 + tip / 100)
    return round(total / people, 2), f"{total:.2f} in all, {total - bill:.2f} of it for the waiter"


demo = gr.Interface(
    fn=split,
    inputs=[gr.Number(100, label="Bill"), gr.Slider(1, 12, value=4, step=1, label="People")],
    outputs=[gr.Number(label="Each pays"), gr.Textbox(label="Sum")],
    additional_inputs=gr.Slider(0, 25, value=10, step=1, label="Tip in percent"),
    examples=[[84.5, 4], [120, 6], [35, 2]],
    title="Split the bill",
    description="Who pays how much? The function is the endpoint `/predict`, too.",
    article="Written with `gr.Interface(fn=split, inputs=…, outputs=…)`.",
)

if __name__ == "__main__":
    demo.launch()
