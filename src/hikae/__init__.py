"""Hikae (控え): a firm's own copy of its bank's books.

The parts and who may know whom stand in docs/architecture.md. This module knows only its version.
"""

__version__ = "0.1.0"
