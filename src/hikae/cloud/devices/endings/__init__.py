"""The journal of endings: which PCs were released and which keys are no longer theirs.

It lies outside of the database and of its backup, and is only ever added to. A database that was
restored from a backup is corrected by it, so that nothing that had ended begins again.
"""

from hikae.cloud.devices.endings.entries import Ended, Entry, Renewed
from hikae.cloud.devices.endings.journal import Journal, Journals, journal
from hikae.cloud.devices.endings.store import JournalError

__all__ = ["Ended", "Entry", "Journal", "JournalError", "Journals", "Renewed", "journal"]
