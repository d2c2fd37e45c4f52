"""What agent and cloud say to each other: messages, keys, proofs of origin, sealed values.

It knows the model; neither agent nor cloud, and no network.
"""
