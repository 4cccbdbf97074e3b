"""The fields of a document that a probe may keep; everything else is dropped where it was read."""

from __future__ import annotations

import re
from typing import Any


def keep(item: Any, paths: list[str]) -> dict[str, Any]:
    """The document with the named fields only. A path maps over arrays; `[key.with.dots]` stands for one key."""
    kept: dict[str, Any] = {}
    for path in paths:
        kept = _merge(kept, _project(item, re.findall(r"\[[^\]]+\]|[^.\[\]]+", path)))
    return kept


def _project(value: Any, keys: list[str]) -> Any:
    """The value with everything off the path left out; empty where the path ends early."""
    if not keys:
        return value
    if isinstance(value, list):
        return [_project(member, keys) for member in value]
    name = keys[0].strip("[]")
    if not isinstance(value, dict) or name not in value:
        return {}
    return {name: _project(value[name], keys[1:])}


def _merge(one: Any, other: Any) -> Any:
    """Two projections of the same value, joined."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _merge(one.get(key, other.get(key)), other.get(key, one.get(key))) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_merge(first, second) for first, second in zip(one, other)]
    return one
