"""Updates.

A function changes what other components offer, not only what they hold.
"""

import blocks_app as gr

CITIES = {"France": ["Paris", "Lyon"], "Japan": ["Kyoto", "Osaka", "Tokyo"], "Peru": ["Cusco", "Lima"]}


def choose(country):
    return gr.Dropdown(choices=CITIES[country], value=CITIES[country][0], label=f"City in {country}")


with gr.Blocks(title="Updates") as demo:
    country = gr.Dropdown(list(CITIES), label="Country", value="France")
    city = gr.Dropdown(CITIES["France"], label="City in France", value="Paris")
    days = gr.Slider(1, 30, value=7, step=1, label="Days")
    plan = gr.Markdown()
    country.change(choose, country, city)
    gr.on(
        [city.change, days.release, demo.load],
        lambda city, days: f"## {days} days in {city}",
        [city, days],
        plan,
    )

if __name__ == "__main__":
    demo.launch()
