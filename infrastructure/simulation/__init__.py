"""A simulated scholarly web on loopback: sources, landing pages and file hosts, with every failure in its share."""
