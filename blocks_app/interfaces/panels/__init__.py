"""The parts of an Interface: what it takes as components and buttons, where they stand, and what happens there.

The noun is the panel: inputs with their buttons, outputs with theirs. For gr.Interface and gr.TabbedInterface.

Interface: `article`, `buttons`, `events`, `interface_types`, `layout`, `named_components`, `placing`.
"""
