"""Answers that a server gives by itself, where no application speaks."""

from __future__ import annotations

from http import HTTPStatus


def answer(status: int, kind: str, body: bytes) -> bytes:
    """A whole response that ends a connection."""
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
    more = f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + more).encode() + body
