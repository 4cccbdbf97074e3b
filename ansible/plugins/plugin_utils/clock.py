"""Whether the clocks of a node and of the operator agree."""

from __future__ import annotations

#: Certificates made on one node must be valid on the others, and a join token lives 15 minutes.
_SECONDS = 30


def problems(before: float, node: float, after: float) -> list[str]:
    """A node that answers late is not wrong about the time.

    Args:
        before: the operator's time when the node was asked.
        node: the node's time when it answered.
        after: the operator's time when the answer was there.
    """
    skew = min(0, node - before) or max(0, node - after)
    return [f"the clock differs from the operator's by {skew:.0f} s; synchronise it"] if abs(skew) > _SECONDS else []
