"""Files on their way out: whole or not at all at the other end, and checked there against their checksum."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from .download import sha256_of
from .errors import Damaged
from .http import Answer, Client, expect
from .spec import Outputs

HASH_HEADER = "x-atelier-sha256"
TRIES = 3


class Uploads(Protocol):
    """What a supervisor writes through."""

    published_bytes: int

    def put_text(self, path: str, text: str) -> Answer: ...

    def put_file(self, path: str, source: Path) -> None: ...

    def beat(self, path: str, document: str) -> None: ...


class Uploader:
    """`Uploads` by the console's route: puts files into the attempt's folder.

    What the console answers to a heartbeat replaces the addresses.
    """

    def __init__(self, client: Client, outputs: Outputs):
        self._client = client
        self._outputs = outputs
        self.published_bytes = 0

    def renew(self, url: str) -> None:
        """Go on with a newer address: each is good for some hours only. It may leave out by which name we ask."""
        self._outputs = replace(self._outputs, url=urllib.parse.urljoin(self._outputs.url, url))

    def put_text(self, path: str, text: str) -> Answer:
        """A small document; the same one again changes nothing."""
        data = text.encode()
        digest = hashlib.sha256(data).hexdigest()
        return expect(self._piece(path, data, 0, len(data), digest), f"PUT {path}")

    def beat(self, path: str, document: str) -> None:
        """A heartbeat, whose answer brings a newer address."""
        if renewed := _renewal(self.put_text(path, document).body):
            self.renew(renewed)

    def put_file(self, path: str, source: Path) -> None:
        digest = sha256_of(source)
        total = source.stat().st_size
        offset, damaged = 0, 0
        with source.open("rb") as file:
            while True:
                file.seek(offset)
                data = file.read(self._outputs.piece_bytes)
                answer = self._piece(path, data, offset, total, digest)
                if answer.status == 416:
                    # The other side has another part of it than we thought: it says how much.
                    offset = int(json.loads(answer.body)["have"])
                    continue
                if answer.status == 422:
                    offset, damaged = 0, damaged + 1
                    if damaged == TRIES:
                        raise Damaged(f"{path} arrived {TRIES} times with another checksum than it left with")
                    continue
                expect(answer, f"PUT {path}")
                offset += len(data)
                if offset >= total:
                    return

    def _piece(self, path: str, data: bytes, offset: int, total: int, digest: str) -> Answer:
        # Of an empty file there is no first byte to name.
        what = f"{offset}-{offset + len(data) - 1}" if data else "*"
        headers = {
            "Content-Range": f"bytes {what}/{total}",
            "Content-Type": "application/octet-stream",
            HASH_HEADER: digest,
        }
        answer = self._client.request("PUT", self._address(path), data, headers)
        self.published_bytes += len(data)
        return answer

    def _address(self, path: str) -> str:
        return self._outputs.url.replace("{path}", urllib.parse.quote(path))


def _renewal(body: bytes) -> str | None:
    try:
        url = json.loads(body).get("url")
    except (ValueError, AttributeError):
        return None
    return url if isinstance(url, str) and "{path}" in url else None
