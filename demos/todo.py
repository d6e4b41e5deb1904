"""To-do list.

State: every visitor has a list of their own, kept on the server for as long as the page is open.
"""

import blocks_app as gr


def add(task, tasks):
    if not task.strip():
        raise gr.Error("Type a task first.")
    tasks = [*tasks, task.strip()]
    return "", tasks, gr.CheckboxGroup(choices=tasks, value=[])


def finish(done, tasks):
    tasks = [task for task in tasks if task not in done]
    return tasks, gr.CheckboxGroup(choices=tasks, value=[])


def summary(tasks):
    return f"**{len(tasks)}** to do" if tasks else "Nothing to do."


with gr.Blocks(title="To-do list") as demo:
    gr.Markdown("# To-do list")
    tasks = gr.State([])
    with gr.Row():
        task = gr.Textbox(label="New task", placeholder="Water the plants", scale=4)
        button = gr.Button("Add", variant="primary", scale=1)
    todo = gr.CheckboxGroup([], label="To do")
    left = gr.Markdown("Nothing to do.")
    gr.on([button.click, task.submit], add, [task, tasks], [task, tasks, todo])
    gr.Button("Remove the ticked ones").click(finish, [todo, tasks], [tasks, todo])
    tasks.change(summary, tasks, left)

if __name__ == "__main__":
    demo.launch()
