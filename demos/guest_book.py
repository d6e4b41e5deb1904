"""Guest book.

A model is a page: its fields, choices, validators and permissions are those of Django. Everybody may read and write;
who has the permission to change or delete guests, as the site's operators do, gets the buttons for it.
"""

import blocks_app as gr
from demos._guest_book.models import Guest  # models can be imported only inside a Django project

demo = gr.from_model(
    Guest,
    fields=["name", "room", "nights", "left", "text"],
    list_display=["name", "room", "nights", "left"],
    search_fields=["name", "text"],
    permissions={"view": True, "add": True},
    title="Guest book",
    description="Tell others how you liked your stay.",
)

if __name__ == "__main__":
    demo.launch()
