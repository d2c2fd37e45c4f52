"""The cloud: pages for people, requests and the link of the agents, the books themselves.

It knows model, catalogue and link; it never signs in at a bank and holds no certificate.
"""
