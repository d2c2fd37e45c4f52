"""Where client certificates live, and which of them to use.

It knows the model only. Keys stay where they are: what leaves is the way to use one.
"""
