"""Everything that leaves the machine: the one HTTP client, its address gate, and its manners."""
