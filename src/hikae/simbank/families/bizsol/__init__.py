"""The BizSOL type: certificate, then ログインパスワード alone, then POST from page to page.

The order, titles and identifiers of its screens are those of banks' published manuals. What no
manual shows is a guess and says so where it stands.
"""

from hikae.simbank.families.bizsol.site import BizsolSite

__all__ = ["BizsolSite"]
