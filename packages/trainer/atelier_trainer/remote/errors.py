"""What ends a remote stage beside the stage's own failures; each carries the exit code of the process."""

from __future__ import annotations

from ..errors import TrainerError


class Fenced(TrainerError):
    """The console will take nothing more from this attempt: it was cancelled, replaced, or its addresses have expired.

    Nothing is published after it.
    """

    exit_code = 4


class Taken(TrainerError):
    """Another process already works on this attempt."""

    exit_code = 5


class Unreachable(TrainerError):
    """The other side did not answer for as long as we are patient, or answers what a retry does not mend."""


class Damaged(TrainerError):
    """A file arrives again and again with another checksum than the one that the spec names."""


class NoRoom(TrainerError):
    """The host's disk takes no more."""


class Stopped(BaseException):
    """SIGTERM: raised wherever the supervisor is, so that not even a slow transfer holds up a stop."""
