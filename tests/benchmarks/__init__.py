"""Measurements: each figure beside the floor of the same run, under the same conditions."""
