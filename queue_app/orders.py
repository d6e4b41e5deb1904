"""What an operator asks for, done where it has to be done: in this process, or in the one that has the event."""

from __future__ import annotations

from queue_app import post
from queue_app.news import News
from queue_app.post import Post

_news: News | None = None


def connect(with_post: Post | None = None) -> Post:
    """Take part in the site's post: tell and hear of changes of access, and do what other processes ask for."""
    global _news
    disconnect()
    made = post.install(with_post)
    _news = News(made)
    return made


def disconnect() -> None:
    """Take no part any more."""
    global _news
    if _news is not None:
        _news.close()
        _news = None
    post.uninstall()
