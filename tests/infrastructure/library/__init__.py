"""Names and places of files, and the check that each is the paper."""
