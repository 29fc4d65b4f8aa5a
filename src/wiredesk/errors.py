"""Every error that wiredesk raises on purpose, as one tree.

A foreign library's exceptions are translated once, where the library is called, so that the
engine has to know this tree only::

    WiredeskError
    ├── ConfigError        desk.toml, a topic or a provider file cannot be used
    ├── NotFound           what somebody named is not there, or could be several things
    ├── MalformedRecord    a record file is not in a form that can be read (file, line, expected)
    ├── SourceError        a source gave nothing that can be read (class, message)
    ├── FetchError         a request ended without an answer that can be used (class, message)
    │   ├── Refused        we did not ask, or stopped reading, on purpose
    │   └── NotRecorded    a replay was asked for what its recording does not hold
    ├── Unreadable         a page is not an article (class, message)
    ├── Ended              reading a stranger's input was ended by its limits, or failed (class, message)
    ├── SealError          a sealed value cannot be opened; says nothing about why, on purpose
    ├── StoreError         the store cannot be opened or written
    │   ├── StoreBusy      another process is the writer
    │   └── StoreTooNew    the schema is from a newer wiredesk
    ├── PostError          the mail server takes no letters; none went out
    └── PublishError       an output cannot be written; what was there is untouched
        └── BranchMoved    another one committed first: look again and write anew
"""

from __future__ import annotations

from datetime import datetime


class WiredeskError(Exception):
    """Base of all errors that are told to people as one sentence, without a traceback."""


class ConfigError(WiredeskError):
    """The desk's own files cannot be used; ``problems`` has one line for each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NotFound(WiredeskError):
    """What somebody named on the command line is not there, or could be several things."""


class MalformedRecord(WiredeskError):
    """A record cannot be read: where, and what was expected there."""

    def __init__(self, file: str, line: int, expected: str) -> None:
        super().__init__(f"{file}:{line}: expected {expected}")
        self.file, self.line, self.expected = file, line, expected


class Classed(WiredeskError):
    """An error with a short class (``timeout``, ``address``, ``dtd``) that is counted by it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"{message} [{reason}]")
        self.reason, self.message = reason, message

    def __reduce__(self) -> tuple[type[Classed], tuple[object, ...]]:
        """Let the error travel between processes as its two parts."""
        return type(self), (self.reason, self.message)


class SourceError(Classed):
    """A source gave nothing that can be read."""


class FetchError(Classed):
    """A request ended without an answer that can be used. ``until``: when the server wants to be asked
    again, if it said.
    """

    def __init__(self, reason: str, message: str, until: datetime | None = None) -> None:
        super().__init__(reason, message)
        self.until = until

    def __reduce__(self) -> tuple[type[FetchError], tuple[object, ...]]:
        """Let the error travel between processes as its parts."""
        return type(self), (self.reason, self.message, self.until)


class Refused(FetchError):
    """The request was not sent, or its answer not read to the end, on purpose."""


class NotRecorded(FetchError):
    """A replay was asked for an address that its recording does not hold."""


class Unreadable(Classed):
    """A page is not an article that can be read."""


class Ended(Classed):
    """Work on a stranger's input did not come to its end: it was over a limit of its process, ended it,
    or failed in a way that we did not foresee.
    """


class SealError(WiredeskError):
    """A sealed value cannot be opened. The message is constant: it must help no attacker."""

    def __init__(self) -> None:
        super().__init__("the sealed field cannot be opened with this key")


class StoreError(WiredeskError):
    """The store cannot be opened or written."""


class StoreBusy(StoreError):
    """Another process is the one writer."""


class StoreTooNew(StoreError):
    """The store's schema is from a newer wiredesk; nothing was written."""


class PostError(WiredeskError):
    """The mail server cannot be reached or takes no letters of ours; none went out because of it."""


class PublishError(WiredeskError):
    """An output cannot be written; what was there before is untouched."""


class BranchMoved(PublishError):
    """The branch is no longer at the commit that was built on; nothing was written."""


def unforeseen(error: Exception) -> str:
    """Say that reading a stranger's input failed in a way that we did not foresee: our fault."""
    return f"reading it failed ({type(error).__name__}: {error}); please report this"
