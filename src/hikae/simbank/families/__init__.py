"""Families of sites: one folder for each way in which banks build their internet banking."""
