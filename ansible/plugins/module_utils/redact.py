"""Removes secrets from text that a person will read."""

from __future__ import annotations

import re

_PATTERNS = (
    # PEM blocks, keys and certificates alike.
    (re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL), "[redacted PEM]"),
    # Bootstrap tokens, and the secret half alone where a field names it.
    (re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b"), "[redacted token]"),
    # JSON web tokens.
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"), "[redacted token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [redacted]"),
    (
        re.compile(r"(?i)\b(token|password|secret|certificate-key|client-key-data)(['\"]?\s*[:=]\s*['\"]?)[^\s'\",;]+"),
        r"\1\2[redacted]",
    ),
    # Whatever is left and looks like a key: base64 of 30 bytes or more, or 64 hex digits. Digests keep their prefix and
    # stay; paths have no digits and capitals mixed in.
    (
        re.compile(
            r"(?<![:\w/@.-])(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?=[A-Za-z+/]*[0-9])[A-Za-z0-9+/]{40,}={0,2}(?![\w/.-])"
        ),
        "[redacted]",
    ),
    (re.compile(r"(?<![:\w/@.-])[0-9a-f]{64}(?![\w/.-])"), "[redacted]"),
)


def redact(text: str) -> str:
    """`text` without tokens, keys, certificates and passwords."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


#: Colours and the like.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def tail(text: str, lines: int = 15) -> list[str]:
    """The last lines that are not blank, redacted and cut to 400 characters each."""
    kept = [line.rstrip()[:400] for line in redact(_ESCAPES.sub("", text)).splitlines() if line.strip()]
    return kept[-lines:]
