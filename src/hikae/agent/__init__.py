"""The engine on the PC: it enrols, fetches from banks and delivers to the cloud.

It knows banks, certificates, link and transport; desktop and command line know it.
"""
