"""The catalogue of banks, as the cloud offers it."""
