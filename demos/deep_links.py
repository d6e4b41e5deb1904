"""Links to a page as it is.

Plan a trip, and send somebody a link to it: it opens with what you have entered and with the plan. The app can be
installed, and its two pages have a bar of links.
"""

import blocks_app as gr

PLACES = {"Lisbon": 120, "Kyoto": 190, "Oslo": 210}


def plan(place, days, wishes):
    """What the trip costs, day by day."""
    rows = [[f"Day {day}", PLACES[place] * day] for day in range(1, int(days) + 1)]
    return f"## {int(days)} days in {place}\n\n{wishes or 'No wishes.'}", rows


with gr.Blocks(title="Trips") as demo:
    gr.Navbar(main_page_name="Plan")
    with gr.Row():
        with gr.Column():
            place = gr.Radio(list(PLACES), value="Lisbon", label="Place")
            days = gr.Slider(1, 7, value=3, step=1, label="Days")
            wishes = gr.Textbox(label="Wishes", lines=3)
            card = gr.Textbox(label="Card number", type="password", info="Never part of a link")
            with gr.Row():
                go = gr.Button("Plan it", variant="primary")
                gr.DeepLinkButton("Copy a link", "Link copied!")
        with gr.Column():
            told = gr.Markdown()
            costs = gr.Dataframe(headers=["until", "euros"], interactive=False)
    go.click(plan, [place, days, wishes], [told, costs], api_name="plan")

with demo.route("About", "/about"):
    gr.Navbar(main_page_name="Plan")
    gr.Markdown("# About\n\nA link keeps what stands on the page. It works for 30 days.")

if __name__ == "__main__":
    demo.launch(pwa=True)
