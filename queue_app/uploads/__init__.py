"""Bodies on their way in: what each endpoint takes, how far an upload is, where its files go."""
