"""HTML."""

TRY = {
    "HTML.html_template": "<p>${value}</p>",
    "HTML.css_template": "color: red",
    "HTML.js_on_load": "trigger('stop')",
    "HTML.head": "<meta name=a>",
    "HTML.server_functions": [len],
}
