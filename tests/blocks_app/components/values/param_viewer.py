"""ParamViewer."""

TRY = {"ParamViewer.linkify": ["numpy"], "ParamViewer.anchor_links": "here"}
ODD_SCHEMAS = {"ParamViewer": "it takes any data, and clients know its text"}
