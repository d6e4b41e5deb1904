"""Sphinx's settings for the documentation's site; see docs/decisions/documentation-site.md."""

import os

project = "Blocks on Django"
version = release = os.environ.get("DOCS_VERSION", "dev")
copyright = "the authors of Blocks on Django"
extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
root_doc = "index"

# Plain Markdown as it is read elsewhere, and addresses of headings as repositories give them.
myst_heading_anchors = 4
highlight_language = "none"
nitpicky = True

html_theme = "furo"
html_title = f"Blocks on Django {version}"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
# Furo's own, with the versions above the navigation.
html_sidebars = {
    "**": [
        "sidebar/scroll-start.html",
        "sidebar/brand.html",
        "sidebar/search.html",
        "versions.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_copy_source = False
html_show_sphinx = False
html_use_index = False
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"
copybutton_exclude = ".linenos, .gp, .go"
html_theme_options = {"top_of_page_buttons": []}
