"""Tabs of apps.

Several apps, one behind each tab: the first answers while you type, the second can be stopped.
"""

import time

import blocks_app as gr


def mirror(text):
    return text[::-1]


def count(word, times):
    for number in range(1, int(times) + 1):
        yield f"{number} {word}"
        time.sleep(0.1)


mirrored = gr.Interface(mirror, gr.Textbox("level", label="Text"), gr.Textbox(label="Mirrored"), live=True)
counted = gr.Interface(count, [gr.Textbox("sheep", label="What"), gr.Number(200, label="How many")], "text")
about = gr.Interface(
    lambda: time.strftime("%H:%M"), None, gr.Textbox(label="Time of the server"), flagging_mode="never"
)

demo = gr.TabbedInterface([mirrored, counted, about], ["Mirror", "Count", "Clock"], title="Three apps in one")

if __name__ == "__main__":
    demo.launch()
