"""Two-step sign-in: the secrets of it are unreadable in the database alone."""

import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

_NONCE = 12


class UnreadableSecretError(ValueError):
    """A secret of the second step was kept under another key than this cloud's."""


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets sealed by AES-256-GCM under a key made from the cloud's secret key."""

    def encrypt(self, text: str) -> str:
        """What is kept of a secret."""
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + _box().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; raises UnreadableSecretError."""
        kept = base64.b64decode(encrypted_text)
        try:
            return _box().decrypt(kept[:_NONCE], kept[_NONCE:], None).decode()
        except InvalidTag:
            raise UnreadableSecretError from None

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,  # noqa: ARG002 - allauth's signature
        type: object,  # noqa: A002, ARG002 - the same
    ) -> str:
        """What a passkey is called until the person says otherwise."""
        return _("パスキー")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom passkeys are made: this cloud's name in the net."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Hikae"}


def _box() -> AESGCM:
    key = HKDF(SHA256(), 32, None, b"hikae second step").derive(settings.SECRET_KEY.encode())
    return AESGCM(key)
