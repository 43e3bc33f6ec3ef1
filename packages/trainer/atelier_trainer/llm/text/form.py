"""What form a prompts stage gave its prompts, as it says itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import BadData
from ...spec import read_json
from ...validation import checked, from_values, schema_of

FILE = "form.json"


@dataclass(frozen=True, kw_only=True)
class PromptForm:
    """`form.json` (packages/core/src/contracts/prompt-form.ts)."""

    contract: int
    template: str
    id_form: str
    candidates: bool
    named_attributes: list[str]


def read_form(prompts: Path) -> PromptForm:
    """Raises BadData where the stage is of a revision that did not say it (4 or lower)."""
    if not (prompts / FILE).exists():
        raise BadData(
            f"{prompts} does not say what form its prompts have ({FILE}): launch again to have them made anew"
        )
    return from_values(PromptForm, checked(schema_of("prompt-form"), read_json(prompts / FILE), FILE))


def has_labels(prompts: Path) -> bool:
    """Whether ids are labels of a prompt's candidates. Models of an older revision's prompts are served on: there, no
    `id_texts.parquet` means so."""
    if (prompts / FILE).exists():
        return read_form(prompts).id_form == "letter"
    return not (prompts / "id_texts.parquet").exists()
