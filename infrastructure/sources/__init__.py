"""The services that know copies and metadata, one a file; each answers the port application.ports.sources."""
