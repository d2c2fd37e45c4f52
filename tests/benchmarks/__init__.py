"""Measures Hikae against what it stands on, and writes bench/results.json."""
