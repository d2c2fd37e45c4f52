"""A text that must not be seen: it hides from repr, str, formatting and pickling."""

from typing import NoReturn


class Secret:
    """A password, one-time password or key text; `reveal` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Wrap `text`."""
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that must send or store it."""
        return self._text

    def __repr__(self) -> str:
        """A mask of constant length."""
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Formatted like repr, so that an f-string cannot leak it."""
        return repr(self)

    def __eq__(self, other: object) -> bool:
        """Equal when the texts are."""
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        """Hash of the text."""
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("a Secret cannot be pickled")
