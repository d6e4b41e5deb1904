"""Parts of a page that `gr.render` builds at run time, and the record from which they are built again.

For the app that keeps sessions; running a call knows nothing of it.

Interface: `render`, `render_record`, `render_runs`.
"""
