"""Who may open and do what: the guard before every endpoint, rates, and connections that end with a login."""
