"""Training of the id-based baselines against RecBole 1.2.1 on Beauty: CPU time of an epoch, and to a quality.

Ours learns from every position of a sequence in one pass; RecBole from each of the 131,413 prefixes on its own. Both
see the same training items, so examples a CPU second and CPU seconds an epoch compare directly. An epoch of RecBole is
its own trainer's, with its own defaults (full softmax, d 64, batch 2,048), on one thread in this process. Ours counts
training and validation; what it takes to read the test metrics after each epoch is not counted, and nothing is chosen
by them: a quality is reached by the epoch that validation chose so far. See bench/README.md for the command. Models
that a run does not measure keep what the results file has of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from contextlib import chdir
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages" / "trainer"))

import numpy as np
import torch
import yaml
from machine import RESULTS, write_results

from atelier_trainer.data.sequences import Events, Examples, training_windows
from atelier_trainer.device import seed_everything
from atelier_trainer.events import EventWriter
from atelier_trainer.models.build import build
from atelier_trainer.models.popularity import popularity
from atelier_trainer.params import read_params
from atelier_trainer.ranking import metrics_at
from atelier_trainer.training import Held, rank_held, train

SUITES = Path(__file__).resolve().parents[1] / "suites"
CPU = torch.device("cpu")
PUBLISHED = {"published SASRec": 0.0318}
LEVELS = {
    "gru4rec": {"published GRU4Rec": 0.0137} | PUBLISHED,
    "sasrec": {"RecBole after 1,232 CPU s": 0.0117} | PUBLISHED,
    "bert4rec": {"published GRU4Rec": 0.0137, "published BERT4Rec": 0.0170},
    "nextitnet": PUBLISHED,
    "core": PUBLISHED,
}
"""Test NDCG@10; RecBole's was measured once on a machine of this kind, with Recall@10 .0235. NextItNet and CORE have no
published figure there."""

MODELS = {"gru4rec": "GRU4Rec", "sasrec": "SASRec", "bert4rec": "BERT4Rec", "nextitnet": "NextItNet", "core": "CORE"}


def read_sequences(path: Path) -> list[list[int]]:
    """Items of each user in order (`user item item …` a line), as rows from 0."""
    with gzip.open(path, "rt") as lines:
        users = [[int(item) - 1 for item in line.split()[1:]] for line in lines]
    return [user for user in users if len(user) >= 3]


class Log:
    """Leave-one-out: the last item of each user is the test target, the one before it the validation target."""

    def __init__(self, sequences: list[list[int]]):
        lengths = np.array([len(sequence) for sequence in sequences])
        users = np.repeat(np.arange(len(sequences)), lengths)
        orders = np.concatenate([np.arange(length) for length in lengths])
        items = np.concatenate(sequences)
        self.item_count = int(items.max()) + 1
        self.events = Events(users, orders, items, orders < lengths[users] - 2)
        self.lengths = lengths

    def held(self, from_last: int, max_length: int) -> Held:
        users = np.arange(len(self.lengths))
        orders = self.lengths - from_last
        targets = self.events.items[np.cumsum(self.lengths) - from_last]
        examples = Examples(users, users, targets, orders, np.full(len(users), -1))
        return Held.of(examples, self.events.before(users, orders), max_length, mask_seen=True)


class Enough(Exception):
    """Raised out of training once its purpose is reached."""


class Watch(EventWriter):
    """Reads the test metrics after each validation, off the clock, and counts the CPU time of training apart.

    Raises Enough once the epoch that validation chose so far has `until` as its test NDCG@10.
    """

    def __init__(self, path: Path, rank_test, until: float | None):
        super().__init__(path)
        self.rank_test = rank_test
        self.until = until
        self.epochs: list[dict] = []
        self.training = 0.0
        self.started = self.resumed = time.process_time()
        self.uncounted = 0.0

    def metric(self, name: str, value: float, step: int, split: str | None = None) -> None:
        super().metric(name, value, step, split)
        now = time.process_time()
        if name == "loss":
            self.training += now - self.resumed
        if name != "ndcg@10":
            return
        measured = metrics_at(self.rank_test())
        epoch = {"cpuSeconds": round(now - self.started - self.uncounted, 1), "valid ndcg@10": round(value, 5)}
        epoch |= {name: round(measured[name], 5) for name in ("recall@10", "ndcg@10")}
        self.epochs.append(epoch)
        print(epoch, flush=True)
        self.resumed = time.process_time()
        self.uncounted += self.resumed - now
        if self.until is not None and seconds_to(self.epochs, self.until) is not None:
            raise Enough(f"test NDCG@10 {self.until} reached")


def settings(model: str) -> dict:
    """A baseline's parameters as the suite `beauty` has them."""
    preset = yaml.safe_load((SUITES / "presets" / "miniature.yaml").read_text())["baselines"][model]
    chosen = yaml.safe_load((SUITES / "beauty.yaml").read_text())["set"]
    prefix = f"baselines.{model}."
    return preset | {name.removeprefix(prefix): value for name, value in chosen.items() if name.startswith(prefix)}


def ours(model: str, log: Log, max_epochs: int | None, until: float | None, seed: int = 1) -> dict:
    document = settings(model) | ({"maxEpochs": max_epochs} if max_epochs else {})
    params = read_params("baseline", document)
    seed_everything(seed)
    network = build(params, log.item_count)
    counts = popularity(log.events, log.item_count)
    fallback = torch.from_numpy(counts)
    test = log.held(1, params.max_length)
    stopped = "by validation or the last epoch"
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(Path(folder) / "events.ndjson", lambda: rank_held(network, test, fallback, CPU).ranks, until)
        try:
            train(
                network,
                training_windows(log.events, params.max_length),
                log.held(2, params.max_length),
                fallback,
                loss=getattr(params, "loss", "ce"),
                batch_size=params.batch_size,
                learning_rate=params.learning_rate,
                max_epochs=params.max_epochs,
                patience=params.patience,
                seed=seed,
                device=CPU,
                events=watch,
            )
        except Enough as reason:
            stopped = str(reason)
        watch.close()
    best = max(range(len(watch.epochs)), key=lambda place: watch.epochs[place]["valid ndcg@10"])
    targets = int(log.events.train.sum()) - len(log.lengths)
    seconds = watch.training / len(watch.epochs)
    return {
        "settings": document,
        "targetsAnEpoch": targets,
        "targetsPerCpuSecond": round(targets / seconds),
        "cpuSecondsAnEpoch": round(seconds, 1),
        "stopped": stopped,
        "bestEpoch": best + 1,
        "chosenByValidation": watch.epochs[best],
        "cpuSecondsTo": {name: seconds_to(watch.epochs, level) for name, level in LEVELS[model].items()},
        "epochs": watch.epochs,
    }


def seconds_to(epochs: list[dict], level: float) -> float | None:
    """CPU seconds after which the best epoch on validation so far had that test NDCG@10; None if it never had."""
    best = -1.0
    for epoch in epochs:
        if epoch["valid ndcg@10"] > best:
            best = epoch["valid ndcg@10"]
            if epoch["ndcg@10"] >= level:
                return epoch["cpuSeconds"]
    return None


def restore_numpy_names() -> None:
    """RecBole 1.2.1 names types that NumPy 2 dropped; they are aliases and change nothing of what is measured."""
    for name, kind in {"float_": np.float64, "complex_": np.complex128, "unicode_": np.str_, "bool8": np.bool_}.items():
        if name not in np.__dict__:
            setattr(np, name, kind)


def recbole(model: str, sequences: list[list[int]], batches_timed: int | None) -> dict:
    """An epoch of RecBole's own trainer or its first batches (all of one cost), its evaluation not counted."""
    restore_numpy_names()
    from recbole.config import Config
    from recbole.data import create_dataset, data_preparation
    from recbole.utils import get_model, get_trainer, init_seed

    # RecBole also writes its TensorBoard logs to the working directory.
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        data = Path(folder) / "beauty"
        data.mkdir()
        with (data / "beauty.inter").open("w") as file:
            file.write("user_id:token\titem_id:token\ttimestamp:float\n")
            for user, sequence in enumerate(sequences):
                file.writelines(f"{user}\t{item}\t{place}\n" for place, item in enumerate(sequence))
        document = {"data_path": folder, "checkpoint_dir": folder, "use_gpu": False, "show_progress": False}
        document |= {"load_col": {"inter": ["user_id", "item_id", "timestamp"]}, "MAX_ITEM_LIST_LENGTH": 50}
        document |= {"eval_args": {"split": {"LS": "valid_and_test"}, "order": "TO", "mode": "full"}}
        document |= {"train_neg_sample_args": None, "state": "ERROR", "train_batch_size": 2048}
        sys.argv = sys.argv[:1]  # RecBole reads the command line too.
        config = Config(model=MODELS[model], dataset="beauty", config_dict=document)
        init_seed(config["seed"], config["reproducibility"])
        dataset = create_dataset(config)
        batches, _, _ = data_preparation(config, dataset)
        network = get_model(config["model"])(config, batches.dataset)
        trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, network)
        started = time.process_time()
        trainer._train_epoch(islice(batches, batches_timed), 0)
        seconds = time.process_time() - started
        examples = len(batches.dataset)
        timed = min(examples, (batches_timed or len(batches)) * config["train_batch_size"])
    return {
        "examplesAnEpoch": examples,
        "examplesTimed": timed,
        "cpuSecondsAnEpoch": round(seconds * examples / timed, 1),
        "examplesPerCpuSecond": round(timed / seconds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="Beauty.txt.gz")
    parser.add_argument("--models", nargs="*", choices=list(MODELS), default=["sasrec"])
    parser.add_argument("--recbole", nargs="*", choices=list(MODELS), default=["sasrec"], help="models to time there")
    parser.add_argument("--recbole-batches", type=int, help="of its epoch, at most (2,048 examples each)")
    parser.add_argument("--max-epochs", type=int, help="of ours; the suite's if not given")
    parser.add_argument("--until", type=float, help="test NDCG@10 at which ours stops, its epoch chosen by validation")
    parser.add_argument("--name", default="baselines", help="of the results file")
    arguments = parser.parse_args()
    sequences = read_sequences(arguments.data)
    log = Log(sequences)
    results = recorded(arguments.name)
    for model in MODELS:
        row = results.setdefault(model, {})
        if model in arguments.models:
            row["ours"] = ours(model, log, arguments.max_epochs, arguments.until)
        if model in arguments.recbole:
            row["recbole"] = recbole(model, sequences, arguments.recbole_batches)
        if row.get("ours") and row.get("recbole"):
            row["timesRecbole"] = round(row["recbole"]["cpuSecondsAnEpoch"] / row["ours"]["cpuSecondsAnEpoch"], 1)
    results = {model: row for model, row in results.items() if row}
    packages = ["torch", "numpy"] + (["recbole"] if any("recbole" in row for row in results.values()) else [])
    write_results(arguments.name, 1, packages, {"data": "Amazon 2014 Beauty, 5-core", "models": results})


def recorded(name: str) -> dict:
    """What earlier runs measured, by model."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text())["models"] if path.exists() else {}


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
