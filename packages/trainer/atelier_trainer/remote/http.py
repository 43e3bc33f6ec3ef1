"""HTTP with time-outs and retries. A host may be slow and a console away for hours: only a refusal ends a stage."""

from __future__ import annotations

import http.client
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from .errors import Fenced, Taken, Unreachable

TIMEOUT_S = 30.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 20.0
_PASSING = {408, 425, 429, 500, 502, 503, 504}
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Interrupted(Exception):
    """An answer that broke off, after `received` bytes of it were of use."""

    def __init__(self, received: int):
        super().__init__(f"the connection broke off after {received} bytes")
        self.received = received


class Client:
    """Sends requests until they are answered.

    Args:
        patience_s: how long without any success before giving up
        cancelled: once set, no further try is made
    """

    def __init__(self, *, patience_s: float, timeout_s: float = TIMEOUT_S, cancelled: threading.Event | None = None):
        self._patience_s = patience_s
        self._timeout_s = timeout_s
        self.cancelled = cancelled or threading.Event()

    def request(
        self,
        method: str,
        url: str,
        body: bytes | BinaryIO | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        looked_at: Collection[int] = (),
    ) -> Answer:
        """The answer, whole; statuses from 400 on raise, but for 409, 416 and 422 and those `looked_at`: callers do."""

        def read(response: http.client.HTTPResponse) -> bytes:
            return response.read()

        return self.stream(method, url, read, body, headers, looked_at=looked_at)

    def stream(
        self,
        method: str,
        url: str,
        read: Callable[[http.client.HTTPResponse], bytes],
        body: bytes | BinaryIO | None = None,
        headers: Mapping[str, str] | Callable[[], Mapping[str, str]] | None = None,
        *,
        looked_at: Collection[int] = (),
    ) -> Answer:
        """As `request`; `read` takes what it wants of the answer, and is called anew after each failure."""

        def once() -> Answer:
            given = headers() if callable(headers) else headers
            if body is not None and not isinstance(body, bytes):
                body.seek(0)
            request = urllib.request.Request(url, data=body, method=method, headers=dict(given or {}))
            try:
                with urllib.request.urlopen(request, timeout=self._timeout_s) as response:
                    return Answer(status=response.status, headers=response.headers, body=read(response))
            except urllib.error.HTTPError as error:
                with error:
                    return _refused(error, method, looked_at)

        return self.retry(once, f"{method} {_plain(url)}")

    def retry(self, once: Callable[[], T], what: str) -> T:
        """Calls `once` until it returns; what may pass is tried again, less and less often."""
        pause = FIRST_PAUSE_S
        since = time.monotonic()
        while True:
            try:
                return once()
            except Interrupted as error:
                # What got through counts as success: a slow line must not use up the patience.
                if error.received > 0:
                    pause, since = FIRST_PAUSE_S, time.monotonic()
                problem: Exception = error
            except (OSError, http.client.HTTPException, _Passing) as error:
                problem = error
            if time.monotonic() - since > self._patience_s:
                raise Unreachable(f"{what}: no answer for {self._patience_s:.0f} s: {problem}") from None
            if self.cancelled.wait(pause * (0.5 + random.random())):
                raise Unreachable(f"{what}: given up: {problem}") from None
            pause = min(2 * pause, LONGEST_PAUSE_S)


class _Passing(Exception):
    """An answer that a later try may not get."""


def _refused(error: urllib.error.HTTPError, method: str, looked_at: Collection[int]) -> Answer:
    try:
        body = error.read(10_000)
    except (OSError, http.client.HTTPException):
        body = b""
    said = body.decode("utf-8", "replace").strip()[:500] or error.reason
    where = f"{method} {_plain(error.url)}"
    if error.code in _PASSING:
        raise _Passing(f"{error.code}: {said}")
    if error.code in (403, 410):
        raise Fenced(f"{where} is refused ({error.code}): {said}")
    if error.code in (409, 416, 422, *looked_at):
        return Answer(status=error.code, headers=error.headers, body=body)
    raise Unreachable(f"{where} is answered with {error.code}: {said}")


def expect(answer: Answer, what: str) -> Answer:
    """The answer, unless it is one of those that callers look at and this one does not."""
    if answer.status == 409:
        raise Taken(f"{what}: {answer.body.decode('utf-8', 'replace').strip()}")
    if answer.status >= 400:
        raise Unreachable(f"{what} is answered with {answer.status}: {answer.body.decode('utf-8', 'replace').strip()}")
    return answer


def _plain(url: str) -> str:
    """Without the query, which holds the signature."""
    return url.split("?")[0]
