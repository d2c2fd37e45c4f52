"""The addresses of a bank's pages.

Seen in public: `/<code>c/rblgi01/I1RBLGI01-S01.do` for the first page and
`/WUC_USR0104/rblgi01/BLGI001-BLGI001Info.do` behind the certificate. guess: all others, modelled
on the second. A group is named after its screens: the choice of business lies under `rbssk01`,
inquiry under `rbmsk01`, whatever moves money under `rbfri01`.
"""

from __future__ import annotations

from dataclasses import dataclass

CERTIFICATE = "/WUC_USR0104/rblgi01/BLGI001-BLGI001Info.do"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Paths by purpose, for the bank of one code."""

    code: str

    @property
    def first(self) -> str:
        """The page on which signing in begins."""
        return f"/{self.code}c/rblgi01/I1RBLGI01-S01.do"

    @property
    def password_page(self) -> str:
        """Where the certificate step redirects to."""
        return self.sign_in("BLGI002-BLGI002Info")

    def sign_in(self, action: str) -> str:
        """A step of signing in."""
        return f"/{self.code}c/rblgi01/{action}.do"

    def menu(self, action: str) -> str:
        """Top page, signing out."""
        return f"/{self.code}c/rbtop01/{action}.do"

    def choice(self, action: str) -> str:
        """The choice of business."""
        return f"/{self.code}c/rbssk01/{action}.do"

    def inquiry(self, action: str) -> str:
        """A step of an inquiry."""
        return f"/{self.code}c/rbmsk01/{action}.do"

    def is_page(self, path: str) -> bool:
        """Whether a path belongs to the pages of a visit (not to pictures and the like)."""
        return path == CERTIFICATE or path.startswith(f"/{self.code}c/")

    def is_inquiry(self, path: str) -> bool:
        """Whether a path is a step of an inquiry."""
        return path.startswith(self.inquiry("").removesuffix(".do"))

    def transfer(self, action: str) -> str:
        """A step that moves money."""
        return f"/{self.code}c/rbfri01/{action}.do"

    def administration(self, action: str) -> str:
        """A step that changes the user's registration."""
        return f"/{self.code}c/rbrsk01/{action}.do"
