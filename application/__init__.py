"""Commands and their handlers, process managers, queries, and the ports that they need."""
