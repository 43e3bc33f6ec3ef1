"""A little artifact server in a process of its own, which keeps files in a folder and can be told to misbehave.

`python artifact_server.py FOLDER` prints its port. `GET/PUT /PATH` read and write files below FOLDER; what it was asked
stands in `FOLDER/.requests`, one JSON object a line. `FOLDER/.faults` is read at each request: a JSON list whose first
entry is taken off it: `reset` (the connection breaks before any answer), `half` (a GET breaks off half-way), `deaf`
(the request is done, and its answer lost), `busy` (503), `gone` (410, and stays).
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(sys.argv[1])
LOCK = threading.Lock()


def next_fault() -> str:
    path = ROOT / ".faults"
    with LOCK:
        faults = json.loads(path.read_text()) if path.exists() else []
        if faults and faults[0] != "gone":
            path.write_text(json.dumps(faults[1:]))
    return faults[0] if faults else "none"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def note(self, **facts: object) -> None:
        with LOCK, (ROOT / ".requests").open("a") as log:
            log.write(json.dumps({"method": self.command, "path": self.path, **facts}) + "\n")

    def reset(self) -> None:
        """RST instead of an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def target(self) -> Path:
        return ROOT / unquote(self.path.split("?")[0]).lstrip("/")

    def do_GET(self) -> None:
        fault = next_fault()
        if fault == "reset":
            return self.reset()
        if fault in ("busy", "gone"):
            return self.answer({"busy": 503, "gone": 410}[fault], b"not now")
        path = self.target()
        if not path.is_file():
            self.note(status=404)
            return self.answer(404)
        data = path.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        if fault in ("half", "deaf"):
            half = data[start : start + (len(data) - start) // 2]
            self.note(start=start, sent=len(half))
            self.send_response(206 if asked else 200)
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            self.wfile.write(half)
            self.wfile.flush()
            # In order, so that what was sent arrives before the connection ends.
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        self.note(start=start, sent=len(data) - start)
        if asked:
            return self.answer(206, data[start:], Content_Range=f"bytes {start}-{len(data) - 1}/{len(data)}")
        return self.answer(200, data)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = next_fault()
        if fault == "reset":
            return self.reset()
        if fault in ("busy", "gone"):
            self.note(status=410 if fault == "gone" else 503)
            return self.answer({"busy": 503, "gone": 410}[fault], b"not now")
        status, said = self.take(body)
        self.note(status=status, received=len(body))
        if fault in ("deaf", "half"):
            return self.reset()
        return self.answer(status, json.dumps(said).encode())

    def take(self, body: bytes) -> tuple[int, dict]:
        path = self.target()
        start, total = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+)", self.headers["Content-Range"]).groups()
        with LOCK:
            path.parent.mkdir(parents=True, exist_ok=True)
            once = path.name == "claim.json" or path.parent.name == "events"
            if once and path.exists() and path.read_bytes() != body:
                return 409, {"error": "it is there already, with other content"}
            partial = path.with_name(f".{path.name}.part")
            have = partial.stat().st_size if partial.exists() else 0
            at = int(start or 0)
            if at == 0:
                have = 0
            if at != have:
                return 416, {"have": have}
            with partial.open("ab" if at else "wb") as file:
                file.write(body)
            if have + len(body) < int(total):
                return 202, {"have": have + len(body)}
            if hashlib.sha256(partial.read_bytes()).hexdigest() != self.headers["x-atelier-sha256"]:
                partial.unlink()
                return 422, {"error": "another checksum"}
            partial.replace(path)
            return 200, {}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
