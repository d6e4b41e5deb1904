"""Where a launched app listens, and by which names: ports, certificates, host names, tunnels."""
