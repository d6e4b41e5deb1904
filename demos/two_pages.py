"""Two pages.

An app with pages of their own address: links between them, back and forward, and a basket that both know.
"""

import blocks_app as gr

FRUIT = {"Apple": 0.5, "Pear": 0.7, "Plum": 0.2}


def add(fruit, basket):
    """Put one more into the basket."""
    basket = {**basket, fruit: basket.get(fruit, 0) + 1}
    return basket, f"{sum(basket.values())} in the basket"


def bill(basket):
    """What is in the basket, and what it costs."""
    rows = [[fruit, count, round(count * FRUIT[fruit], 2)] for fruit, count in basket.items()]
    return rows, f"**Total: {sum(row[2] for row in rows):.2f}**"


with gr.Blocks(title="Fruit") as demo:
    gr.Navbar(main_page_name="Choose")
    gr.Markdown("# Choose your fruit")
    basket = gr.State({})
    fruit = gr.Radio(list(FRUIT), value="Apple", label="Fruit")
    told = gr.Markdown("Nothing in the basket")
    gr.Button("Add", variant="primary").click(add, [fruit, basket], [basket, told])

with demo.route("Basket", "/basket"):
    gr.Navbar(main_page_name="Choose")
    gr.Markdown("# Your basket")
    table = gr.Dataframe(headers=["fruit", "count", "price"], interactive=False)
    total = gr.Markdown()
    demo.load(bill, basket, [table, total])
    gr.Button("Empty it").click(dict, None, basket).then(bill, basket, [table, total])

if __name__ == "__main__":
    demo.launch()
