"""BizSOL: the internet banking that many regional banks and credit unions share.

words.py: what may be pressed, filled in and reached. refusals.py: what the bank's sentences mean.
sign_in.py: from the sign-in page to the top page. inquiry.py: accounts and statements.
connector.py: the four as one.
"""
