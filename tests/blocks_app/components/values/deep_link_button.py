"""DeepLinkButton."""

import blocks_app as gr

TRY = {"DeepLinkButton.exclude": gr.Textbox(render=False)}
