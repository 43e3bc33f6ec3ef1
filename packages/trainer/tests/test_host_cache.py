"""The host's cache: limits, damage and several processes at once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from atelier_trainer.remote.cache import HostCache
from atelier_trainer.remote.spec import InputFile

PACKAGE = Path(__file__).parents[1]


def file_of(data: bytes, path: str = "weights.bin") -> InputFile:
    return InputFile(path=path, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), url="http://nowhere")


def never(_: Path) -> None:
    pytest.fail("it was fetched again")


def test_what_was_used_least_lately_makes_room_and_nobody_who_reads_it_minds(tmp_path):
    cache = HostCache(tmp_path / "cache", max_bytes=25)
    a, b, c = (file_of(letter * 10) for letter in (b"a", b"b", b"c"))
    cache.place("k", a, tmp_path / "1" / "a", lambda partial: partial.write_bytes(b"a" * 10))
    cache.place("k", b, tmp_path / "1" / "b", lambda partial: partial.write_bytes(b"b" * 10))
    cache.place("k", a, tmp_path / "2" / "a", never)
    cache.place("k", c, tmp_path / "2" / "c", lambda partial: partial.write_bytes(b"c" * 10))
    assert {path.name for path in (tmp_path / "cache" / "files" / "k").iterdir()} == {a.sha256, c.sha256}
    assert (tmp_path / "1" / "b").read_bytes() == b"b" * 10
    assert (cache.counts.reused_bytes) == 10


def test_a_file_that_somebody_changed_is_fetched_again(tmp_path):
    cache = HostCache(tmp_path / "cache", max_bytes=1000)
    a = file_of(b"a" * 10)
    cache.place("k", a, tmp_path / "1", lambda partial: partial.write_bytes(b"a" * 10))
    kept = tmp_path / "cache" / "files" / "k" / a.sha256
    kept.chmod(0o600)
    kept.write_bytes(b"x" * 10)
    fetched = []
    cache.place("k", a, tmp_path / "2", lambda partial: fetched.append(partial.write_bytes(b"a" * 10)))
    assert len(fetched) == 1
    assert (tmp_path / "2").read_bytes() == b"a" * 10


FETCH = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_host_cache import file_of
from atelier_trainer.remote.cache import HostCache
root, name = Path(sys.argv[1]), sys.argv[2]
def fetch(partial):
    with (root / "fetches").open("a") as log: log.write(name + "\\n")
    time.sleep(0.3)
    partial.write_bytes(b"a" * 10)
HostCache(root / "cache", 1000).place("k", file_of(b"a" * 10), root / name, fetch)
"""


def test_of_several_processes_one_fetches_and_all_have_it(tmp_path):
    tests = str(Path(__file__).parent)
    environment = {"PYTHONPATH": str(PACKAGE)}
    commands = [[sys.executable, "-c", FETCH, str(tmp_path), f"p{number}", tests] for number in range(4)]
    running = [subprocess.Popen(command, env=environment) for command in commands]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len((tmp_path / "fetches").read_text().splitlines()) == 1
    assert all((tmp_path / f"p{number}").read_bytes() == b"a" * 10 for number in range(4))
