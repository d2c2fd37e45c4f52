"""What operators watch: figures for Prometheus, whether the cloud works, which request did what."""
