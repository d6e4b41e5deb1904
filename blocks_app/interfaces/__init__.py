"""Whole apps of one function, built from Blocks with nothing but what every app may use.

`chat_interface` has gr.ChatInterface, `load_chat` gr.load_chat.

Interface: `chat_interface`, `load_chat`.
"""
