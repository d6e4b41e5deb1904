"""Parts of a page that `gr.render` builds at run time, and the record from which they are built again."""
