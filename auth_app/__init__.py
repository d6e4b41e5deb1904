"""Who is asking: policies, identities and the one guard that every endpoint asks. Knows Django only."""
