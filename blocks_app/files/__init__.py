"""Files of visitors and of the app: values that name them, the store, quotas, what is served in place."""
