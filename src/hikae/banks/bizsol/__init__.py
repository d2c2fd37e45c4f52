"""BizSOL: the internet banking that many regional banks and credit unions share.

words.py: what may be pressed, filled in and reached. sign_in.py: from the sign-in page to the top
page. inquiry.py: asking for statements by dates. connector.py: these as one dialog.
Beside them, what is read: refusals.py the bank's sentences, accounts.py its accounts, result.py
the statements that an inquiry came to.
"""
