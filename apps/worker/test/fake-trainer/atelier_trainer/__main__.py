"""Speaks the trainer's process contract and computes nothing.

The real trainer needs seconds to import its libraries and ends when it is done. Tests of cancelling, crashing and
retrying need a process whose length and end they choose; how the real one behaves is tested beside it.
"""

import hashlib
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

spec = json.loads(Path(sys.argv[2]).read_text())
if sys.argv[1] == "serve":
    time.sleep(float(os.environ.get("FAKE_TRAINER_LOADING", "0")))
    ready = Path(spec["ready"])
    ready.with_suffix(".tmp").write_text(json.dumps({"port": 4711, "pid": os.getpid()}))
    ready.with_suffix(".tmp").rename(ready)
    time.sleep(600)
    sys.exit(0)
folder = Path(spec["output"])
steps = int(os.environ.get("FAKE_TRAINER_STEPS", "3"))
exit_code = int(os.environ.get("FAKE_TRAINER_EXIT", "0"))
if os.environ.get("FAKE_TRAINER_STUBBORN"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

with (folder / "events.ndjson").open("w", buffering=1) as events:
    for seq in range(1, steps + 1):
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        payload = {"step": "working", "done": seq, "total": steps, "unit": "steps"}
        events.write(json.dumps({"seq": seq, "at": at, "type": "progress", "payload": payload}) + "\n")
        time.sleep(0.05)
    if exit_code:
        payload = {"level": "error", "message": f"told to end with {exit_code}"}
        events.write(json.dumps({"seq": steps + 1, "at": at, "type": "log", "payload": payload}) + "\n")
        sys.exit(exit_code)

# The output is a function of the stage alone, as a deterministic stage's is.
output = f"made by {spec['kind']} {spec['key']}\n".encode()
(folder / "output.txt").write_bytes(output)
outputs = [{"path": "output.txt", "sizeBytes": len(output), "sha256": hashlib.sha256(output).hexdigest()}]
receipt = {"contract": 1, "key": spec["key"], "attempt": spec["attempt"], "outputs": outputs}
receipt |= {"durationMs": 1, "result": {}}
(folder / "receipt.json.tmp").write_text(json.dumps(receipt))
(folder / "receipt.json.tmp").rename(folder / "receipt.json")
