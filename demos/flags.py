"""Names of colours, and flags.

Is the name wrong, or very good? Say so: the operator finds the colour, its name and the swatch in the admin.
"""

import colorsys

import numpy as np

import blocks_app as gr

HUES = ["red", "orange", "yellow", "green", "turquoise", "blue", "violet", "pink"]


def name_of(colour):
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    shade = "dark " if light < 0.35 else "light " if light > 0.7 else ""
    name = "grey" if saturation < 0.12 else HUES[round(hue * len(HUES)) % len(HUES)]
    return shade + name, np.full((120, 240, 3), (red, green, blue), np.uint8)


flags = gr.DatabaseLogger("Names of colours", inputs=1)  # a CSV file where there is no database

with gr.Blocks(title="Names of colours") as demo:
    gr.Markdown("# Names of colours")
    with gr.Row():
        with gr.Column():
            colour = gr.ColorPicker("#1f6feb", label="Colour")
            run = gr.Button("Name it", variant="primary")
        with gr.Column():
            name = gr.Textbox(label="Name")
            swatch = gr.Image(label="Swatch", interactive=False)
    values = [colour, name, swatch]
    flags.setup(values)
    with gr.Row():
        for option in ("Wrong", "Very good"):

            @gr.Button(option).click(inputs=values, preprocess=False)
            def flag(*values, option=option):
                flags.flag(list(values), option)
                gr.Info("Thank you: it is noted.")

    gr.on([run.click, demo.load], name_of, colour, [name, swatch])

if __name__ == "__main__":
    demo.launch()
