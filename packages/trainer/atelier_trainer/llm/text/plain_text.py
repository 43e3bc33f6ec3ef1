"""Text as prompts write it: what could be taken for a mark of the prompt becomes what looks like it."""

from __future__ import annotations

import re

# Unicode's Default_Ignorable_Code_Point without the joiners and variation selectors that spelling needs, then the marks
# of interlinear annotation and the noncharacters.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_MARKS = str.maketrans(
    {
        **dict.fromkeys("<\uff1c\ufe64", "("),
        **dict.fromkeys(">\uff1e\ufe65", ")"),
        **dict.fromkeys('"\uff02', "''"),
        **dict.fromkeys("\\\uff3c\ufe68", "/"),
    }
)
_HEADING = re.compile("[#\uff03\ufe5f]{3,}")
_CANDIDATES = re.compile(r"(candidate product ids ?: ?)\[", re.IGNORECASE | re.ASCII)
_EVENT = re.compile(r";(?= (?:searched|clicked|bought) )", re.IGNORECASE | re.ASCII)
_ID = re.compile(r"^([0-9]+(?:-[0-9]+)?): ")


def plain_text(text: str) -> str:
    """The same as `plainText` of packages/core/src/method/plain-text.ts, which says why; plain text stays plain."""
    text = _BLANK.sub(" ", _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))).strip().translate(_MARKS)
    text = _CANDIDATES.sub(r"\1(", _HEADING.sub("#", text))
    return _ID.sub(r"\1 - ", _EVENT.sub(",", text))
