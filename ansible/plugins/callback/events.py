"""Standard output as one JSON object a line, for the runner.

Events: `task` (a step starts), `result` (a step ended on a node), `progress` (written by actions), `stats`.
"""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: events
type: stdout
short_description: One JSON object a line
description:
  - Feeds a program that shows progress. Results of tasks with C(no_log) carry nothing but their status.
author: [Bulwark contributors]
"""

#: Fields of a result that a reader may see; everything else stays here.
_SHOWN = ("changes", "chores", "lines", "problems", "warnings_found", "pending", "leaving", "super_admin_file", "path")


class CallbackModule(CallbackBase):
    """One line per event, flushed at once."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "bulwark.cluster.events"

    def _emit(self, event: str, **fields: Any) -> None:
        line = json.dumps({"event": event, **{key: value for key, value in fields.items() if value is not None}})
        self._display.display(line, log_only=False)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """A step starts."""
        if not _is_frame(task):
            self._emit("task", task=_title(task))

    def v2_runner_on_ok(self, result: Any) -> None:
        """A step ended well on a node."""
        self._result(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A step failed on a node."""
        self._result(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A node was not reached."""
        self._result(result, "unreachable")

    def v2_runner_on_skipped(self, result: Any) -> None:
        """A step did not concern a node."""
        self._result(result, "skipped")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """The end."""
        self._emit("stats", nodes={host: stats.summarize(host) for host in sorted(stats.processed)})

    def v2_playbook_on_no_hosts_matched(self) -> None:
        """Nothing to do for a play."""
        self._emit("progress", text="no node concerned")

    def _result(self, result: Any, status: str) -> None:
        task, content = result._task, result._result
        if _is_frame(task) and status not in ("failed", "unreachable"):
            return
        secret = bool(task.no_log) or content.get("_ansible_no_log")
        shown: dict[str, Any] = {}
        if not secret:
            shown = {key: content[key] for key in _SHOWN if content.get(key)}
            if self._diffs(content):
                shown["diff"] = self._diffs(content)
        if status in ("failed", "unreachable", "ignored"):
            shown["message"] = "the result of this step is secret" if secret else str(content.get("msg") or "no message")
        self._emit("result", task=_title(task), node=result._host.get_name(), status=status, **shown)

    @staticmethod
    def _diffs(content: dict[str, Any]) -> list[Any]:
        found = content.get("diff") or []
        return found if isinstance(found, list) else [found]


def _title(task: Any) -> str:
    """A step's name without the role that it comes from."""
    return task.get_name().rpartition(" : ")[2].strip()


def _is_frame(task: Any) -> bool:
    """Whether a task only frames others: nothing that a reader waits for."""
    return task.action.rpartition(".")[2] in ("include_role", "validate_argument_spec")
