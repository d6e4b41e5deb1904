"""An app served without a project: `launch()`, `runblocks`, notebooks, links, ports and certificates.

The noun is the server. For users, through `queue_app.launch` and manage.py; nothing that answers a request needs it.

Interface: `autoreload`, `backends`, `daphne`, `integrations`, `launching`, `minimal_project`, `mounting`, `network`,
`runblocks`, `uvicorn`.
"""
