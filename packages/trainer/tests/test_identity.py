"""What is kept of where a result comes from: a model's identity, and the environment of an attempt."""

import json
import shutil
from pathlib import Path

import pytest
from prompt_log import BASE, write_prompts

from atelier_trainer.environment import PACKAGE, code_hash, environment
from atelier_trainer.errors import BadData, BadSpec
from atelier_trainer.llm.base.identity import identity, model_files
from atelier_trainer.llm.base.loading import model_folder


@pytest.fixture
def model(tmp_path, run_stage):
    """A small model folder, as someone would bring it."""
    inputs = write_prompts(tmp_path / "source")
    base = run_stage("base-model", BASE, inputs | {"split": inputs["prompts"]})[1]
    kept = tmp_path / "model"
    shutil.copytree(base, kept, ignore=shutil.ignore_patterns("*.ndjson", "spec.json", "receipt.json"))
    return kept


def alone(link: Path) -> Path:
    """The link in a folder of its own: that of the stage holds what the fixture trained there before."""
    folder = link.parent.parent / "linked"
    folder.mkdir()
    shutil.copy(link, folder)
    return folder


def test_a_folder_is_what_its_files_are_and_not_where_it_lies(model, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(model, moved)
    assert identity(model_files(moved)) == identity(model_files(model))
    with (moved / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        last = weights.read(1)
        weights.seek(-1, 2)
        weights.write(bytes([last[0] ^ 1]))
    assert identity(model_files(moved)) != identity(model_files(model))


def test_the_identity_is_the_one_that_the_launch_computes(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_text("weights")
    (tmp_path / "notes.md").write_text("not of the model")
    # packages/data/test/models/pin-models.test.ts has the same folder and the same answer.
    assert identity(model_files(tmp_path)) == "sha256:d6cfbc1b3b1bbbd98732f8738bf0eba5"


def test_a_folder_that_changed_since_the_launch_is_refused(model, run_stage):
    launched = identity(model_files(model))
    params = BASE | {"source": "path", "model": str(model), "resolved": launched}
    _, output = run_stage("base-model", params, {})
    link = json.loads((output / "base.json").read_text())
    assert {file["path"] for file in link["files"]} >= {"config.json", "model.safetensors"}
    (model / "config.json").write_text((model / "config.json").read_text() + " ")
    with pytest.raises(BadData, match="other files than when this was launched"):
        run_stage("base-model", params, {})


def test_a_hub_model_is_read_at_the_commit_of_the_launch_whatever_main_is_by_now(
    model, tmp_path, run_stage, monkeypatch
):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    launched, newer = "a" * 40, "b" * 40
    repository = tmp_path / "cache" / "models--someone--tiny"
    for commit in (launched, newer):
        shutil.copytree(model, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(newer)
    params = BASE | {"source": "hub", "model": "someone/tiny", "resolved": launched}
    _, output = run_stage("base-model", params, {})
    link = json.loads((output / "base.json").read_text())
    assert (link["source"], link["repository"], link["commit"]) == ("hub", "someone/tiny", launched)
    # Another machine has its cache elsewhere.
    shutil.move(tmp_path / "cache", tmp_path / "other")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "other"))
    linked = alone(output / "base.json")
    assert model_folder(linked).is_relative_to(tmp_path / "other")
    assert model_folder(linked).name == launched


def test_a_linked_folder_is_found_where_it_was_or_beside_its_link_and_nowhere_else(model, tmp_path, run_stage):
    folder = model
    _, output = run_stage("base-model", BASE | {"source": "path", "model": str(folder)}, {})
    linked = alone(output / "base.json")
    assert json.loads((linked / "base.json").read_text())["content"] == identity(model_files(folder))
    assert model_folder(linked) == folder
    # As a host is sent it: link and files in one folder.
    sent = tmp_path / "sent"
    shutil.copytree(folder, sent)
    shutil.copy(linked / "base.json", sent)
    (folder / "model.safetensors").write_bytes(b"of another model")
    assert model_folder(sent) == sent
    with pytest.raises(BadData, match="holds other files than when its stage ran"):
        model_folder(linked)
    shutil.rmtree(folder)
    with pytest.raises(BadData, match=r"sha256:.* is gone from"):
        model_folder(linked)


def test_another_version_of_a_package_is_refused(run_stage):
    with pytest.raises(BadSpec, match=r"was launched with 9\.9"):
        run_stage("base-model", BASE | {"source": "package", "model": "smollm2", "resolved": "9.9"}, {})


def test_an_attempt_says_what_it_ran_with(tmp_path):
    found = environment("cpu", 3)
    assert (found["device"], found["threads"]) == ("cpu", 3)
    assert found["processor"]
    assert {"python", "torch", "transformers", "peft", "numpy"} <= set(found["versions"])
    copy = tmp_path / "package"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert found["code"] == code_hash(copy)
    (copy / "losses.py").write_text("changed = True\n")
    assert found["code"] != code_hash(copy)
