"""Base models that stay where they are: what the stage's folder says of them, and where they are found again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...errors import BadData
from .identity import identity

LINK = "base.json"


def write_link(output: Path, seen_at: Path, files: list[dict[str, Any]], hub: tuple[str, str] | None) -> None:
    """Say in `output` which model was meant, by what it is: a hub's repository and commit, or the content of a folder.

    Args:
        seen_at: where it was, which another machine need not have
        files: what it holds, by `model_files`
        hub: repository and commit
    """
    origin = {"repository": hub[0], "commit": hub[1]} if hub is not None else {}
    link = {
        "source": "path" if hub is None else "hub",
        **origin,
        "content": identity(files),
        "path": str(seen_at.resolve()),
        "files": files,
    }
    (output / LINK).write_text(json.dumps(link, indent=1), encoding="utf-8")


def linked_folder(folder: Path) -> Path:
    """Where the files of a base-model stage are: in its own folder, where a link has them beside it when it was brought
    from another machine; in the folder where they were seen; or, of a hub's model, in this machine's cache.

    Raises:
        BadData: they are nowhere here.
        BadSpec: the hub's model is not in the cache and cannot be had.
    """
    file = folder / LINK
    if not file.exists():
        return folder
    link = json.loads(file.read_text(encoding="utf-8"))
    # Links of older versions say the path alone.
    files = link.get("files", [])
    if files and _holds(folder, files):
        return folder
    seen_at = Path(link["path"])
    if seen_at.is_dir() and _holds(seen_at, files):
        return seen_at
    if link.get("source") == "hub":
        from .sources import hub_folder

        found = hub_folder(link["repository"], link["commit"])
        if _holds(found, files):
            return found
        raise BadData(f"{link['repository']} at commit {link['commit']} has other files here: download it again")
    if seen_at.is_dir():
        raise BadData(f"the base model at {seen_at} holds other files than when its stage ran; launch again")
    content = f" ({link['content']})" if "content" in link else ""
    raise BadData(f"the base model{content} is gone from {seen_at}; put it there again, or launch with its new folder")


def _holds(folder: Path, files: list[dict[str, Any]]) -> bool:
    """Whether a folder has the files, as far as names and sizes tell; checksums are the launch's and the worker's."""
    paths = [(folder / file["path"], file["sizeBytes"]) for file in files]
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)
