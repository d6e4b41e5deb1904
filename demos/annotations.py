"""Annotated picture.

Regions of a picture, as boxes and as a mask that is surer in the middle, with a legend that brings them out.
"""

import numpy as np

import blocks_app as gr

HEIGHT, WIDTH = 240, 400


def draw(sun_at, houses):
    """A landscape with a sun and some houses, and where they are."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = np.linspace((120, 180, 240), (220, 235, 250), HEIGHT)[:, None]
    picture[170:] = (110, 160, 90)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.hypot(rows - 60, columns - sun_at)
    picture[distance < 30] = (255, 220, 80)
    regions = [(np.clip(1.2 - distance / 50, 0, 1), "sun")]
    for number in range(int(houses)):
        left = 30 + number * 90
        picture[140:190, left : left + 60] = (170, 90, 70)
        regions.append(((left, 140, left + 60, 190), f"house {number + 1}"))
    return picture, regions


def tell(event: gr.SelectData):
    return f"{event.value} is region {event.index}."


with gr.Blocks(title="Annotated picture") as demo:
    gr.Markdown("# Annotated picture")
    with gr.Row():
        sun = gr.Slider(30, WIDTH - 30, value=300, step=1, label="Sun at")
        houses = gr.Slider(0, 4, value=3, step=1, label="Houses")
    picture = gr.AnnotatedImage(label="Landscape", color_map={"sun": "#7c3aed"})
    chosen = gr.Textbox(label="Chosen")
    gr.on([demo.load, sun.release, houses.release], draw, [sun, houses], picture)
    picture.select(tell, None, chosen)

if __name__ == "__main__":
    demo.launch()
