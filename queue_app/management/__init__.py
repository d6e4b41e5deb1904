"""What `manage.py` can do for a site: serve a file, delete what is left over."""
