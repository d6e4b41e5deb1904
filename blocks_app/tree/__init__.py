"""The tree that a declaration builds: blocks, containers, components and the context they are declared in."""
