"""締め: closed months, and what statements would change in them until a person accepts it."""
