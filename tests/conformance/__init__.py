"""The real code against recordings of real material, where they are present."""
