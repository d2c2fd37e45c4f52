"""Secrets in the operating system's keyring."""

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

from hikae.agent.safe.promise import unavailable
from hikae.model.secret import Secret

SERVICE = "hikae"


class KeyringSafe:
    """The operating system's keyring."""

    def __init__(self, profile: str) -> None:
        """Secrets of `profile` only."""
        self._profile = profile

    def get(self, name: str) -> Secret | None:
        """The secret, or None."""
        try:
            text = keyring.get_password(SERVICE, self._key(name))
        except KeyringError as error:
            raise unavailable(error) from None
        return None if text is None else Secret(text)

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret."""
        try:
            keyring.set_password(SERVICE, self._key(name), secret.reveal())
        except KeyringError as error:
            raise unavailable(error) from None

    def forget(self, name: str) -> None:
        """Erase a secret."""
        try:
            keyring.delete_password(SERVICE, self._key(name))
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise unavailable(error) from None

    def _key(self, name: str) -> str:
        return f"{self._profile}/{name}"
