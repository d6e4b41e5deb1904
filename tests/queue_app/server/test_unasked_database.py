"""An app is launched by a test that may not use the database."""

from __future__ import annotations

from queue_app.server.unmigrated import lacks_tables


def test_a_database_that_may_not_be_asked_lacks_nothing() -> None:
    assert lacks_tables() is False  # and raises nothing
