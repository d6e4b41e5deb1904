"""Dataset."""

NEEDED = {"Dataset": {"components": ["textbox"], "samples": [["a"], ["b"]]}}
TRY = {
    "Dataset.components": ["number"],
    "Dataset.component_props": [{"lines": 2}],
    "Dataset.samples": [["c"]],
    "Dataset.headers": ["Text"],
    "Dataset.layout": "table",
    "Dataset.proxy_url": "https://example.org",
    "Dataset.sample_labels": ["one", "two"],
}
OTHER_DEFAULTS = {
    "Dataset.components": "the contract gives some, as also for the next",
    "Dataset.samples": "see there",
}
