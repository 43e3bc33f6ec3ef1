"""OpenStack Swift in one process: proxy, account, container and object server over a folder, until standard input ends.

Usage: python serve.py FOLDER

Prints one JSON line with `endpoint`, `key` and `secret` once it answers. FOLDER must be on a file system with extended
attributes, in which Swift keeps what it knows of an object.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402
import os  # noqa: E402
import secrets  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from eventlet import wsgi  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import NullLogger, SwiftHttpProtocol, init_request_processor  # noqa: E402

HOST = "127.0.0.1"
KINDS = ("account", "container", "object")
PIPELINE = "catch_errors listing_formats s3api tempauth slo dlo proxy-server"


def main(folder: Path) -> None:
    """Serve until whoever started this closes its standard input."""
    for name in ("etc", "devices/d1"):
        (folder / name).mkdir(parents=True)
    etc = folder / "etc"
    # Listening first, so that the rings name ports that are ours.
    sockets = {kind: eventlet.listen((HOST, 0)) for kind in (*KINDS, "proxy")}
    secret = secrets.token_hex(16)
    suffix, prefix = secrets.token_hex(8), secrets.token_hex(8)
    (etc / "swift.conf").write_text(
        f"[swift-hash]\nswift_hash_path_suffix = {suffix}\nswift_hash_path_prefix = {prefix}\n"
        "[storage-policy:0]\nname = one\ndefault = yes\n"
    )
    common = f"[DEFAULT]\ndevices = {folder / 'devices'}\nmount_check = false\nswift_dir = {etc}\nlog_level = ERROR\n"
    for kind in KINDS:
        make_ring(etc, kind, sockets[kind].getsockname()[1])
        server = f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n"
        (etc / f"{kind}.conf").write_text(common + server)
    filters = "".join(
        f"[filter:{name}]\nuse = egg:swift#{name}\n"
        for name in PIPELINE.split()
        if name not in ("proxy-server", "tempauth")
    )
    (etc / "proxy.conf").write_text(
        f"{common}[pipeline:main]\npipeline = {PIPELINE}\n{filters}"
        f"[filter:tempauth]\nuse = egg:swift#tempauth\nuser_atelier_test = {secret} .admin\n"
        "[app:proxy-server]\nuse = egg:swift#proxy\nallow_account_management = true\naccount_autocreate = true\n"
    )
    utils.set_swift_dir(str(etc))
    for kind, socket in sockets.items():
        app, *_ = init_request_processor(str(etc / f"{kind}.conf"), f"{kind}-server")
        eventlet.spawn(wsgi.server, socket, app, NullLogger(), protocol=SwiftHttpProtocol, log_output=False)
    endpoint = f"http://{HOST}:{sockets['proxy'].getsockname()[1]}"
    print(json.dumps({"endpoint": endpoint, "key": "atelier:test", "secret": secret}), flush=True)
    eventlet.tpool.execute(wait_for_end)
    # Green threads that serve would keep the process.
    os._exit(0)


def make_ring(etc: Path, kind: str, port: int) -> None:
    """Everything of a kind lies on the one device of the one server."""
    ring = RingBuilder(2, 1, 0)
    device = {"region": 1, "zone": 1, "weight": 1.0, "ip": HOST, "port": port, "device": "d1", "meta": ""}
    ring.add_dev(device | {"replication_ip": HOST, "replication_port": port})
    ring.rebalance()
    ring.get_ring().save(str(etc / f"{kind}.ring.gz"))


def wait_for_end() -> None:
    """Read standard input to its end, in a thread that does not hold the servers up."""
    while os.read(0, 4096):
        pass


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
