"""Small stand-ins for the adapters behind the ports."""
