"""One way out for bank, cloud and link: libcurl, with one place for proxies, limits and errors.

It knows the model and nothing of banks or messages. `exchange` is the promise, `curl` keeps it.
"""
