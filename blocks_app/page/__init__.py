"""What a browser and a program are told of an app: config, schema, style sheets, revision, generated files.

For whoever answers requests, and for parts that `gr.render` adds to a page.

Interface: `api_schema`, `assets`, `config`, `embedded_sheet`, `generated_files`, `libraries`, `media_policy`,
    `modules`, `openapi`, `pages`, `revision`, `theming`, `words`.
"""
