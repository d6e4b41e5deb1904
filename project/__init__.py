"""The deployable site: settings, addresses, the ASGI entry, and the gallery of demos."""
