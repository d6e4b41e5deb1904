"""Shopping list.

Render: rows come and go while the page is open, each with fields and buttons of its own.
"""

import itertools

import blocks_app as gr

numbers = itertools.count(1)


def add(name, items):
    if not name.strip():
        raise gr.Error("Type what you need first.")
    return "", [*items, {"id": next(numbers), "name": name.strip(), "bought": False}]


with gr.Blocks(title="Shopping list") as demo:
    gr.Markdown("# Shopping list")
    items = gr.State([])
    with gr.Row():
        name = gr.Textbox(label="What do you need?", placeholder="Bread", scale=4)
        button = gr.Button("Add", variant="primary", scale=1)
    gr.on([button.click, name.submit], add, [name, items], [name, items])

    @gr.render(inputs=items)
    def show(items_now):
        open_items = [item for item in items_now if not item["bought"]]
        gr.Markdown(f"## To buy: {len(open_items)}" if open_items else "## Nothing to buy")
        for item in open_items:
            with gr.Row():
                # With a key, what was typed here stays when the list is drawn again.
                note = gr.Textbox(label=item["name"], placeholder="How much?", key=f"note {item['id']}", scale=4)
                done = gr.Button("Bought", key=f"done {item['id']}", scale=1, min_width=100)

            def buy(text, items, item=item):
                gr.Info(f"Bought: {text or 'some'} {item['name']}")
                return [{**each, "bought": each["bought"] or each["id"] == item["id"]} for each in items]

            done.click(buy, [note, items], items)

        bought = [item["name"] for item in items_now if item["bought"]]
        if bought:
            with gr.Accordion(f"Bought ({len(bought)})", open=False, key="bought"):
                gr.Markdown("\n".join(f"- {each}" for each in bought))
                gr.Button("Start a new list", size="sm").click(list, None, items)


if __name__ == "__main__":
    demo.launch()
