"""DateTime."""

TRY = {"DateTime.timezone": "Europe/Berlin"}
