"""What every page of the cloud shares: the shell, who may see what, and how things are written.

It knows people and the model; what a page is about belongs to the app of that noun.
"""
