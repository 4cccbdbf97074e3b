"""Runs the work of break-glass against an API server: JSON in on standard input, JSON out."""

from __future__ import annotations

import json
import sys

import support  # noqa: F401 - makes the collection importable
from ansible_collections.bulwark.cluster.plugins.module_utils import break_glass
from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api

order = json.load(sys.stdin)
api = Api(order["server"], order["ca"], order["certificate"], order["key"])
answer: dict = {"removed": break_glass.over(api, every=order.get("end", False))}
for name in answer["removed"]:
    break_glass.remove(api, name)
if "user" in order:
    grant = break_glass.Grant.make(order["user"], order["reason"], order["seconds"])
    answer["granted"] = {"user": grant.user, "binding": grant.name, "expires": grant.expires}
    try:
        with break_glass.granted(api, grant):
            if order.get("fail"):
                raise RuntimeError("no certificate")
    except RuntimeError as error:
        answer["error"] = str(error)
json.dump(answer, sys.stdout)
