"""Where this PC's secrets rest: the operating system's keyring, or a file where a setting says so.

`HIKAE_KEYRING=file:<path>` keeps them in a file that only this user may read; without it a PC
without a keyring is told so (keyring_unavailable), never given a silent plain-text fall-back.
"""

from hikae.agent.safe.file import FileSafe
from hikae.agent.safe.opening import open_safe
from hikae.agent.safe.promise import Safe, SafeError

__all__ = ["FileSafe", "Safe", "SafeError", "open_safe"]
