"""Django views and addresses of mounted apps."""
