"""Forms of events that were ever stored, and what they mean."""
