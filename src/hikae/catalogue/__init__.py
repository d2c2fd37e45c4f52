"""Institutions as data: who they are, where they are, how one signs in."""
