"""An app served without a project: `launch()`, `runblocks`, notebooks, links, ports and certificates."""
