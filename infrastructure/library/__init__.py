"""The papers' files: where they are kept, and the check that each is the paper."""
