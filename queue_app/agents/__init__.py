"""What agents ask for by MCP, done as everything else is: as jobs of the queue, with the visitor's rights and files.

The noun is the agent's request. `transport.routing` loads `endpoint` by its name; the official `mcp` package is
imported here alone, by the first request.

Interface: `endpoint`.
"""
