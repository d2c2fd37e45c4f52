"""Bytes ⇄ statements: the files that banks give, and the files that people export.

It knows the model and nothing of where the bytes came from. Every file is hostile until read.
"""
