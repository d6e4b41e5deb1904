"""Api only.

Functions for programs, without a component: their hints say what they take and give. Call them with curl or a client;
each goes through the queue, and "Use via API" lists them.
"""

import asyncio

import blocks_app as gr


def area(width: float, height: float = 1.0) -> float:
    """The area of a rectangle."""
    return width * height


async def countdown(start: int):
    """Count down to nothing, slowly."""
    for number in range(start, -1, -1):
        yield number
        await asyncio.sleep(0.1)


with gr.Blocks(title="Api only") as demo:
    gr.Markdown(
        """
        # For programs

        ```
        curl -d '{"width": 2, "height": 3}' -H 'Content-Type: application/json' …/gradio_api/call/v2/area
        curl …/gradio_api/call/v2/area/EVENT_ID
        ```

        ```python
        from blocks_client import Client

        Client("…").predict(2, 3, api_name="/area")
        ```
        """
    )
    gr.api(area)
    gr.api(countdown, concurrency_limit=10)

if __name__ == "__main__":
    demo.launch()
