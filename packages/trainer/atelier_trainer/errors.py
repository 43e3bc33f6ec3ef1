"""Errors that a retry cannot mend; each carries the exit code that tells the worker so."""


class TrainerError(Exception):
    """Base of the errors below. The message says what was wrong, where, and what to do."""

    exit_code = 1


class BadSpec(TrainerError):
    """The spec is malformed or asks for what this machine does not have."""

    exit_code = 2


class BadData(TrainerError):
    """The inputs are missing, malformed or too small for the stage."""

    exit_code = 3
