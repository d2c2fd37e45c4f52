"""What agents reach: the requests below `/agent/v1` and the link."""
