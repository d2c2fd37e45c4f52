"""What goes wrong between a PC, its cloud and a bank, by seed: `python -m tests.faults 123`."""
