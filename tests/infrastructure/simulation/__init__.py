"""Tests of the simulated scholarly web."""
