"""Who may use an app: `auth=`, `auth_dependency=` and `permission=` as policies that name an identity or refuse."""
