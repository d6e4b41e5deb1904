"""Whole apps of one function, built from Blocks with nothing but what every app may use.

`chat_interface` has gr.ChatInterface, `load_chat` gr.load_chat, `interface` gr.Interface and `tabbed_interface`
gr.TabbedInterface.

Interface: `chat_interface`, `interface`, `load_chat`, `pipelines`, `tabbed_interface`.
"""
