"""A file by ranges: what has arrived stays, and the rest is asked for."""

from __future__ import annotations

import hashlib
import http.client
import os
from collections.abc import Callable
from pathlib import Path

from .errors import Damaged, NoRoom
from .http import Client, Interrupted
from .spec import InputFile

CHUNK_BYTES = 1 << 20
TRIES = 3


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(client: Client, file: InputFile, partial: Path, on_bytes: Callable[[int], None]) -> None:
    """Fetch into `partial`, from where it ends, until its checksum is the spec's; told of every byte that arrives.

    Raises Damaged where it is another again and again.
    """
    for _ in range(TRIES):
        _complete(client, file, partial, on_bytes)
        if sha256_of(partial) == file.sha256:
            return
        partial.unlink()
    raise Damaged(f"{file.path} arrived {TRIES} times with another checksum than {file.sha256}")


def _complete(client: Client, file: InputFile, partial: Path, on_bytes: Callable[[int], None]) -> None:
    partial.touch()
    if partial.stat().st_size > file.size_bytes:
        os.truncate(partial, 0)

    def headers() -> dict[str, str]:
        have = partial.stat().st_size
        return {"Range": f"bytes={have}-"} if have else {}

    def read(response: http.client.HTTPResponse) -> bytes:
        have = partial.stat().st_size
        if response.status != 206 or not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            # The whole file, whatever was asked for.
            os.truncate(partial, 0)
            have = 0
        received = 0
        with partial.open("ab") as target:
            while have + received < file.size_bytes:
                try:
                    chunk = response.read1(CHUNK_BYTES)
                except (OSError, http.client.HTTPException):
                    raise Interrupted(received) from None
                if not chunk:
                    break
                try:
                    target.write(chunk[: file.size_bytes - have - received])
                    target.flush()
                except OSError as error:
                    raise NoRoom(f"{file.path} does not fit on this host: {error.strerror}") from None
                received += len(chunk)
                on_bytes(len(chunk))
        if have + received < file.size_bytes:
            raise Interrupted(received)
        return b""

    while partial.stat().st_size < file.size_bytes:
        answer = client.stream("GET", file.url, read, headers=headers)
        if answer.status >= 400:
            # 416: what is here does not fit the file that is there; its checksum will not either.
            return
