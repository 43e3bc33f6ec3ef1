"""`python -m atelier_trainer run SPEC | serve SPEC | check`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path

from .environment import environment
from .errors import TrainerError
from .events import EventWriter, open_events
from .leaving import Leaving, Left
from .receipt import CHECKPOINTS, write_receipt
from .spec import StageSpec, read_json, serve_spec, stage_spec
from .stages import load_stage
from .torchrun import needs_ranks, run_ranks


def run_stage(spec: StageSpec) -> None:
    """Run one stage in `spec.output`; events while it goes, the receipt at its end.

    Of several processes that train together the first one writes; what the others would write is thrown away.
    """
    if int(os.environ.get("RANK", "0")) == 0:
        return _run_stage(spec, open_events(spec.output))
    with tempfile.TemporaryDirectory() as nowhere:
        return _run_stage(replace(spec, output=Path(nowhere)), EventWriter(Path(os.devnull)))


def _run_stage(spec: StageSpec, events: EventWriter) -> None:
    started = time.monotonic()
    try:
        Leaving.of_process().on_sigterm()
        prepare(spec.threads, may_download=names_hub_model(spec.params))
        from .device import seed_everything, use_threads

        use_threads(spec.threads)
        seed_everything(spec.seed)
        result = load_stage(spec.kind)(spec, events)
        events.result(result)
        duration_ms = round((time.monotonic() - started) * 1000)
        write_receipt(
            spec.output,
            key=spec.key,
            attempt=spec.attempt,
            duration_ms=duration_ms,
            result=result,
            environment=environment(spec.device, spec.threads, spec.params),
        )
        # The stage is done: not before its receipt, without which all of it would be to do again.
        shutil.rmtree(spec.output / CHECKPOINTS, ignore_errors=True)
    except Left as left:
        events.log(str(left))
        raise
    except BaseException as error:
        events.log(str(error) or type(error).__name__, level="error")
        raise
    finally:
        events.close()


def names_hub_model(params: object) -> bool:
    """Whether a stage asked for a model that may have to come from a hub: a base model of the source `hub`, or CLIP,
    whose `model` is a folder or a hub's id."""
    return getattr(params, "source", None) == "hub" or getattr(params, "encoder", None) == "clip"


def prepare(threads: int, *, may_download: bool = False) -> None:
    """Settings that libraries read when they are imported. No stage may reach for a model hub by surprise."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if not may_download:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def command_run(path: Path) -> int:
    try:
        spec = stage_spec(read_json(path))
        spec.output.mkdir(parents=True, exist_ok=True)
    except (TrainerError, OSError) as error:
        if path.parent.is_dir():
            # The spec does not say where to write, so the reason goes beside it.
            events = open_events(path.parent)
            events.log(str(error), level="error")
            events.close()
        raise
    if needs_ranks(spec):
        return run_ranks(spec, path)
    run_stage(spec)
    return 0


def command_serve(path: Path) -> None:
    spec = serve_spec(read_json(path))
    prepare(spec.threads)
    from .serve import serve

    serve(spec)


def command_check() -> None:
    from .check import check

    print(json.dumps(check(), indent=1))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="atelier_trainer", description="Runs Atelier's tensor stages.")
    commands = top.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run one stage; exit 0 done, 2 bad spec, 3 bad data, 75 left, else retry")
    run.add_argument("spec", type=Path, help="path of spec.json")
    serve = commands.add_parser("serve", help="answer live requests on 127.0.0.1 until idle")
    serve.add_argument("spec", type=Path, help="path of the serving spec")
    commands.add_parser("check", help="print versions, devices and threads as JSON")
    return top


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.command == "run":
            return command_run(options.spec)
        elif options.command == "serve":
            command_serve(options.spec)
        else:
            command_check()
    except TrainerError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return error.exit_code
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
