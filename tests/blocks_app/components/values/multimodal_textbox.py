"""MultimodalTextbox."""

from typing import Any

TRY: dict[str, Any] = {
    "MultimodalTextbox.file_types": ["image"],
    "MultimodalTextbox.sources": ["microphone"],
    "MultimodalTextbox.html_attributes": {"lang": "fr"},
}
