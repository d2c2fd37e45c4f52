"""What every safe promises, and how it fails."""

from typing import Protocol

from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret


class SafeError(ProblemError):
    """The keyring cannot be used: keyring_unavailable."""


class Safe(Protocol):
    """Secrets by name."""

    def get(self, name: str) -> Secret | None:
        """The secret, or None; raises SafeError."""

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret; raises SafeError."""

    def forget(self, name: str) -> None:
        """Erase a secret if it is there; raises SafeError."""


def unavailable(error: Exception) -> SafeError:
    """The Problem of a safe that cannot be used; it names the kind of failure only."""
    details = {"reason": type(error).__name__}
    return SafeError(Problem(ProblemCode.KEYRING_UNAVAILABLE, details=details))
