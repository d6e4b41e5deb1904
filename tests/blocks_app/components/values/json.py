"""JSON."""

TRY: dict[str, list[str]] = {"JSON.buttons": []}
ODD_SCHEMAS = {"JSON": "it takes anything"}
