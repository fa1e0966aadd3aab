"""The error tree. Errors know a stable code and an authored message, never HTTP or Celery."""

from __future__ import annotations


class DeepwitnessError(Exception):
    """Base of all errors we raise on purpose.

    Args:
        code: stable, snake_case; clients and documentation match on it.
        public_message: authored for a reader; carries no exception text, path or secret.
    """

    def __init__(self, code: str, public_message: str) -> None:
        super().__init__(f"{code}: {public_message}")
        self.code = code
        self.public_message = public_message

    def __reduce__(self) -> tuple[type[DeepwitnessError], tuple[str, str]]:
        return type(self), (self.code, self.public_message)


class Rejected(DeepwitnessError):
    """The input's fault: answered with 4xx, never retried."""


class Unavailable(DeepwitnessError):
    """A dependency's fault: retried with backoff."""


class Misconfigured(DeepwitnessError):
    """The deployment's fault: the process refuses to boot."""


class Defect(DeepwitnessError):
    """Our fault: 500, loud."""
