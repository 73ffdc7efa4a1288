"""Whole installations in one process, at a clock of their own."""
