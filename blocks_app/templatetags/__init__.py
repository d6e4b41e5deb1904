"""What templates of a site load: `{% load blocks %}`.

Interface: `blocks`.
"""
