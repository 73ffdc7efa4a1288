"""What the application needs of the world: small protocols, implemented by infrastructure."""
