"""Django views and addresses of mounted apps.

For URLconfs, and for the app that answers some of these addresses faster; everything before it knows no view.

Interface: `captures`, `embed_views`, `endpoint`, `file_views`, `languages`, `link_views`, `mounting`,
    `multipart`, `registry`, `static_responses`, `urls`, `views`.
"""
