"""What `gradio_client.exceptions` has, for programs that import from there; the whole tree is in blocks_client."""

from __future__ import annotations

from blocks_client._exceptions import AppError, AuthenticationError, SerializationSetupError, ValidationError

__all__ = ["AppError", "AuthenticationError", "SerializationSetupError", "ValidationError"]
