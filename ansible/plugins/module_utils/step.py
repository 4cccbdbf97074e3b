"""The frame of every module of this collection: payload in, lock held, changes out, failures explained."""

from __future__ import annotations

import base64
import contextlib
import json
import signal
import zlib
from typing import Any, Callable, Iterable, NoReturn, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import lease
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact


class StepError(Exception):
    """The step cannot go on; `lines` are the last words of the component that failed, redacted."""

    def __init__(self, message: str, lines: Optional[list[str]] = None) -> None:
        super().__init__(message)
        self.lines = lines or []


class Step:
    """One module's work on one node."""

    def __init__(self, module: Any) -> None:
        self.payload: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(module.params["payload"])))
        #: Only look: report what would change.
        self.check: bool = module.check_mode
        #: What changed, or would change in check mode, in order.
        self.changes: list[dict[str, Any]] = []
        self.diff: list[dict[str, str]] = []
        #: What a run still has to do although nothing changes by it: a record, a wait. Check mode tells of them, so that
        #: nobody takes a preview without changes for a run that is not needed.
        self.chores: list[str] = []
        #: Further facts for the result.
        self.facts: dict[str, Any] = {}
        self._module = module

    def fail(self, message: str, **facts: Any) -> NoReturn:
        """Ends the module as failed."""
        self._module.fail_json(msg=redact(message), changed=bool(self.changes), changes=self.changes, **facts)

    def finish(self) -> NoReturn:
        """Ends the module well."""
        self._module.exit_json(
            changed=bool(self.changes), changes=self.changes, diff=self.diff, chores=self.chores, **self.facts
        )

    def changed(self, kind: str, name: str, action: str, controls: Iterable[str] = ()) -> None:
        """Notes one change.

        Args:
            controls: who asks for it, as the bundle says.
        """
        change: dict[str, Any] = {"kind": kind, "name": name, "action": action}
        named = [control for control in controls if "/" in control and not control.startswith("spec:")]
        self.changes.append({**change, "controls": named} if named else change)

    def chore(self, text: str) -> None:
        """Notes in check mode what a run still has to do although nothing changes by it."""
        if self.check and text not in self.chores:
            self.chores.append(text)


def run_step(work: Callable[[Step], None], *, locked: bool = True) -> None:
    """Runs a module.

    Args:
        locked: hold the node's lock while working; modules that only look do not.
    """
    # Here, so that everything else runs and is tested without Ansible.
    from ansible.module_utils.basic import AnsibleModule

    module = AnsibleModule(
        # One opaque argument: Ansible would search every string of a structured one in all output.
        argument_spec={"payload": {"type": "str", "required": True, "no_log": True}},
        supports_check_mode=True,
    )
    # Clean-up runs on termination too.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _terminated)
    step = Step(module)
    lock: Any = contextlib.nullcontext()
    if locked and not step.check:
        lock = lease.working(step.payload["run"], step.payload["leads"])
    try:
        with lock:
            work(step)
    except (StepError, CommandError) as error:
        step.fail(str(error), lines=error.lines)
    except (ApiError, lease.Busy, ValueError, OSError) as error:
        step.fail(str(error))
    step.finish()


def _terminated(number: int, _frame: Any) -> None:
    raise SystemExit(128 + number)
