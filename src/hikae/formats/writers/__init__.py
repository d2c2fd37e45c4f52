"""Statements written as other programs read them: one module for each format.

Knows formats' texts and the model. Each `write` is a Writer (see `writer`): it takes statements,
yields bytes, and holds no more than a few rows, so it may write a million.
"""
