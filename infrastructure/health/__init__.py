"""The checks of an installation: one small function for each, which looks, changes nothing, and says what it saw."""
