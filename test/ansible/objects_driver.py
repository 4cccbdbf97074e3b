"""Runs the object module's work against an API server: JSON in on standard input, JSON out."""

from __future__ import annotations

import json
import sys

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import serving
from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api
from ansible_collections.bulwark.cluster.plugins.module_utils.objects import Objects
from ansible_collections.bulwark.cluster.plugins.module_utils.step import StepError

order = json.load(sys.stdin)
step = Recorder({"diff": order.get("diff", False)}, check=order.get("check", False))
api = Api(order["server"], order["ca"], order["certificate"], order["key"])
objects, items = Objects(step, api), serving.complete(order["objects"], api.get)
answer = {"pending": [], "kept": [], "error": ""}
try:
    answer["pending"] = objects.apply_all(items, order.get("wait", 0))
    objects.restart_readers(items)
    if not answer["pending"]:
        answer["kept"] = objects.prune(items)
    objects.delete(order.get("absent", []))
    if "nodes" in order:
        objects.declare_nodes(order["nodes"])
except StepError as error:
    answer["error"] = str(error)
changes = [f"{name} {action}" for _, name, action in step.changes]
json.dump({**answer, "changes": changes, "chores": step.chores, "diff": step.diff}, sys.stdout)
