"""Runs what concerns the members of a cluster against an API server: JSON in on standard input, JSON out."""

from __future__ import annotations

import json
import sys

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import drain, members, spec_record
from ansible_collections.bulwark.cluster.plugins.module_utils.api import Api
from ansible_collections.bulwark.cluster.plugins.module_utils.step import StepError

order = json.load(sys.stdin)
step = Recorder(check=order.get("check", False))
api = Api(order["server"], order["ca"], order["certificate"], order["key"])
answer = {"error": ""}
try:
    if "remember" in order:
        members.remember(step, api, order["remember"])
    if "keep" in order:
        spec_record.keep(step, api, order["keep"])
    if "delete" in order:
        forgotten = order.get("forget", [])
        members.refuse_control_planes(api, [*order["delete"], *forgotten])
        members.delete(step, api, order["delete"], forgotten)
    if "drain" in order:
        seen = drain.drain(step, api, order["kubectl"], order["drain"], order["seconds"])
        drain.refuse(seen, "")
        answer |= {"held": drain.reasons(seen), "outlook": drain.outlook(seen, order["seconds"])}
    answer["leaving"] = members.leaving(api, order["declared"])
except StepError as error:
    answer["error"] = str(error)
json.dump({**answer, "chores": step.chores, "changes": [f"{name} {action}" for _, name, action in step.changes]}, sys.stdout)
