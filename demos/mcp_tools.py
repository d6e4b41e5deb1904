"""Tools for agents.

A small library, for people on this page and for assistants over MCP: "Use via API" below tells how to connect one. Each
function is a tool, with its docstring and types; books have addresses of their own, and a prompt asks for advice.
"""

import time

import blocks_app as gr

BOOKS = {
    "Emma": "A young woman arranges the lives of others, and learns about her own.",
    "Kim": "A boy walks the roads of India with a lama, and learns the great game.",
    "Momo": "A girl who listens takes back the time that grey men have stolen.",
    "Persuasion": "Two people meet again, eight years after they were talked out of each other.",
}


def find_books(word: str) -> str:
    """Find books by a word in their title or their story.

    Args:
        word: a word, or a part of one.

    Returns:
        Titles, one in each line.
    """
    found = [title for title, story in BOOKS.items() if word.lower() in f"{title} {story}".lower()]
    return "\n".join(found) or "No such book."


def count_words(progress=gr.Progress()) -> int:
    """Count the words of all stories, one book after the other."""
    total = 0
    for story in progress.tqdm(BOOKS.values(), desc="Reading", unit="books"):
        time.sleep(0.2)
        total += len(story.split())
    return total


def reserve(title: str, x_card: gr.Header = None) -> str:
    """Reserve a book.

    Args:
        title: exactly as find_books gives it.
    """
    if title not in BOOKS:
        raise gr.Error(f"There is no book called {title}.")
    return f"{title} is reserved for {f'card {x_card}' if x_card else 'you'}."


@gr.mcp.resource("books://{title}", description="The story of a book.")
def story_of(title: str) -> str:
    return BOOKS.get(title, "No such book.")


@gr.mcp.prompt
def advise(mood: str = "curious") -> str:
    """Ask for a book that fits a mood."""
    return f"I am {mood}. Which of the books here should I read? Look into their stories before you answer."


with gr.Blocks(title="Library") as demo:
    gr.Markdown("# Library")
    with gr.Row():
        with gr.Column():
            word = gr.Textbox("learns", label="Word")
            find = gr.Button("Find", variant="primary")
            found = gr.Textbox(label="Books", lines=3)
        with gr.Column():
            title = gr.Dropdown(list(BOOKS), label="Title")
            keep = gr.Button("Reserve")
            answer = gr.Textbox(label="Answer")
    read = gr.Button("Count all words")
    total = gr.Number(label="Words")
    find.click(find_books, word, found)
    keep.click(reserve, title, answer)
    read.click(count_words, None, total)
    gr.api(story_of)
    gr.api(advise)

demo.serving(mcp_server=True)

if __name__ == "__main__":
    demo.launch(mcp_server=True)
