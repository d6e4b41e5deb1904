"""What an app's author is told: mistakes in their source, sentences of the log, tracebacks that begin with their lines.

The nouns are the mistake and the failure. For every package that declares or runs something.

Interface: `log_sentences`, `mistakes`, `tracebacks`.
"""
