"""Apps in pages of the site: what a template writes for `{% blocks "chat" %}`, and who gets a sentence instead.

For the tag of Django's templates, and for sites with Jinja2.

Interface: `jinja`, `markup`.
"""
