"""The way out of the machine, over real sockets on loopback."""
