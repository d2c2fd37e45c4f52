"""The nouns of Hikae: plain frozen types and the rules about them, without I/O.

Everything else may import this package; it imports nothing but the standard library.
"""
