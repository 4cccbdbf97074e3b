"""Slots: the places of secrets in files of the bundle, filled on the node.

An encryption key is made once, with the cluster. From then on the file on the living node is the only source: a key
that is missing there is an error, because a new one would make everything stored unreadable.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from typing import Mapping, Optional

_SLOT = re.compile(r"\$\{slot:([a-z0-9:-]+)\}")
_KEY_BYTES = 32
_ETCD_DATA = "/var/lib/etcd/member"


def fill(template: str, living: Optional[bytes], values: Mapping[str, str] | None = None) -> str:
    """The template with every slot filled.

    Args:
        living: content of the file as it stands on the node.
        values: secrets that the caller has, by slot.

    Raises:
        ValueError: naming the slot that cannot be filled.
    """
    given = values or {}

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in given:
            return given[name]
        kind, _, provider = name.partition(":")
        if kind == "encryption-key":
            return _encryption_key(provider, (living or b"").decode(errors="replace"))
        raise ValueError(f"slot {name} has no value at this step")

    return _SLOT.sub(value, template)


def _encryption_key(provider: str, living: str) -> str:
    found = re.search(rf"^\s*-\s*{re.escape(provider)}:\s*$.*?^\s*secret:\s*(\S+)", living, re.MULTILINE | re.DOTALL)
    if found:
        if not _is_key(found.group(1)):
            raise ValueError(f"the {provider} key on this node is not 32 bytes in base64; restore the file")
        return found.group(1)
    if os.path.exists(_ETCD_DATA):
        raise ValueError(
            f"the {provider} key is missing on this node, but etcd holds data that was written with it; "
            "restore the file from its backup"
        )
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except ValueError:
        return False
