"""Two processes of one site over one database."""
