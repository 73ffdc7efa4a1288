"""Tests of the read models, and of rebuilding and checking them."""
