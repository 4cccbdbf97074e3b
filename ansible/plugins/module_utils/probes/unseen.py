"""Why something was not seen."""

from __future__ import annotations


class Unseen(Exception):
    """The probe could not look; says why."""
