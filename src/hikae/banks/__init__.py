"""The words of a bank's dialog: pages, drivers, and a folder for each family of banks."""
