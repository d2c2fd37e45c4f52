"""Hikae (控え): a firm's own copy of its bank's books."""

__version__ = "0.1.0"
