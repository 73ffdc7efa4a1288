"""Each check in its good and its bad state."""
