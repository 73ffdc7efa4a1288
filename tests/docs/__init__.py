"""The documentation is true: what can be generated is generated, the rest is compared with the code."""
