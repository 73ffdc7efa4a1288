"""Cases of docs/cases.md that belong to no single module."""
