"""Files on their way out through a bucket: under addresses that the worker hands out, into a place that counts for
nothing before the worker has brought it over (apps/worker/src/executors/ray/inbox).

An address is good for one name. Events, heartbeat and the like have names of their own; outputs go into numbered slots,
and an index says which file lies in which, since addresses are made before a stage's files have names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from .download import sha256_of
from .errors import Fenced, Taken, Unreachable
from .http import Answer, Client, expect

CONTROL = ".remote"
CLAIM = f"{CONTROL}/claim.json"
INDEX = "index.json"
CHECKPOINTS = "checkpoints/"
RECEIPT = "receipt.json"
ASK_AGAIN_S = 2.0
RENEWED_AFTER_S = 12 * 3600.0
# 404: its attempt has ended, and what it could write and read was removed. 412: somebody has written it before.
LOOKED_AT = frozenset({404, 412})


class MailUploader:
    """As `upload.Uploader`, into the inbox of the attempt."""

    def __init__(self, client: Client, orders: str):
        self._client = client
        self._orders_url = orders
        self._orders: dict[str, Any] = {}
        self._read_at = 0.0
        # Checkpoints come from a thread of their own.
        self._lock = threading.RLock()
        self._files: dict[str, dict[str, Any]] = {}
        self._free: list[int] = []
        self._slots = 0
        self.published_bytes = 0

    def put_text(self, path: str, text: str) -> Answer:
        """A small document; the same one again changes nothing."""
        data = text.encode()
        once = path == CLAIM or path.startswith(f"{CONTROL}/events/")
        answer = self._put(path, data, len(data), hashlib.md5(data).digest(), once=once)
        if answer.status == 412 and path == CLAIM and self._claimed() != data:
            raise Taken(f"PUT {path}: another process has written it")
        return answer

    def beat(self, path: str, document: str) -> None:
        """A heartbeat; raises Fenced where the attempt's claim is gone: nothing more is wanted of it then."""
        self.put_text(path, document)
        self._claimed()
        if time.monotonic() - self._read_at > RENEWED_AFTER_S:
            self._read_orders()

    def put_file(self, path: str, source: Path) -> None:
        digest, size = sha256_of(source), source.stat().st_size
        with source.open("rb") as file:
            md5 = hashlib.file_digest(file, "md5").digest()
        with self._lock:
            known = self._files.get(path)
            if known is not None and known["sha256"] == digest:
                return
            slot = self._free.pop() if self._free else self._slots + 1
            self._slots = max(self._slots, slot)
            with source.open("rb") as file:
                self._put(f"files/{slot:05d}", file, size, md5)
            # Last in the index, so that what comes before it in time comes before it there.
            replaced = self._files.pop(path, None)
            self._files[path] = {"path": path, "sizeBytes": size, "sha256": digest, "slot": slot}
            gone = [replaced] if replaced else []
            if path.startswith(CHECKPOINTS) and path.endswith(f"/{RECEIPT}"):
                gone += self._superseded(path)
            self.put_text(INDEX, json.dumps({"files": list(self._files.values())}))
            # Only once no index names them.
            self._free += [file["slot"] for file in gone]

    def _superseded(self, receipt: str) -> list[dict[str, Any]]:
        """Takes files of checkpoints before this one out of the index: with its receipt it is whole."""
        newest = receipt.split("/")[1]
        old = [path for path in self._files if path.startswith(CHECKPOINTS) and path.split("/")[1] < newest]
        return [self._files.pop(path) for path in old]

    def _put(self, name: str, body: bytes | BinaryIO, size: int, md5: bytes, *, once: bool = False) -> Answer:
        headers = {
            "Content-Length": str(size),
            # The other side compares it with what arrives; the worker compares the SHA-256 of the index.
            "Content-MD5": base64.b64encode(md5).decode(),
            "Content-Type": "application/octet-stream",
        }
        if once:
            headers["If-None-Match"] = "*"
        answer = self._client.request("PUT", self._address(name), body, headers, looked_at=LOOKED_AT)
        self.published_bytes += size
        return answer if answer.status == 412 else expect(answer, f"PUT {name}")

    def _address(self, name: str) -> str:
        """Where a name is written; waits for the worker where it has handed out none yet."""
        while name not in self._orders.get("put", {}):
            self._read_orders()
            if name in self._orders["put"]:
                break
            if self._client.cancelled.wait(ASK_AGAIN_S):
                raise Unreachable(f"PUT {name}: given up")
        return self._orders["put"][name]

    def _read_orders(self) -> None:
        answer = self._client.request("GET", self._orders_url, looked_at=LOOKED_AT)
        if answer.status == 404:
            raise Fenced("the attempt has ended: its orders are gone")
        self._orders = json.loads(expect(answer, "GET orders").body)
        self._orders_url, self._read_at = self._orders["orders"], time.monotonic()

    def _claimed(self) -> bytes:
        answer = self._client.request("GET", self._orders["claim"], looked_at=LOOKED_AT)
        if answer.status == 404:
            raise Fenced("the attempt has ended: its claim is gone")
        return expect(answer, "GET claim").body
