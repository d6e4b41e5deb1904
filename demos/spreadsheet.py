"""Spreadsheet.

A table to edit like a spreadsheet: type, paste from Excel, sort, search, undo. The total follows each change.
"""

import blocks_app as gr

ROWS = [
    ["Coffee beans", 2, 11.5, True],
    ["Oat milk", 6, 1.95, True],
    ["Paper filters", 1, 4.2, False],
    ["Sugar", 3, 0.89, True],
    ["Tea", 4, 3.75, False],
]


def total(rows: list[list]) -> str:
    """What the paid rows cost."""
    paid = [count * price for _, count, price, is_paid in rows if is_paid and count and price]
    return f"## Paid so far: {sum(paid):.2f} €"


with gr.Blocks(title="Spreadsheet") as demo:
    gr.Markdown("# Spreadsheet")
    table = gr.Dataframe(
        ROWS,
        label="Shopping",
        headers=["Article", "Count", "Price", "Paid"],
        datatype=["str", "number", "number", "bool"],
        type="array",
        show_search="filter",
        show_row_numbers=True,
        interactive=True,
    )
    sums = gr.Markdown(total(ROWS))
    table.change(total, table, sums)

if __name__ == "__main__":
    demo.launch()
