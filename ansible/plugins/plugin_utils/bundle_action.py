"""Base of the action plugins: reads the bundle on the operator's side and sends a module what it needs."""

from __future__ import annotations

import base64
import json
import os
import zlib
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

_COLLECTION = "bulwark.cluster"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BundleAction(ActionBase):
    """An action for one node of the bundle."""

    #: Arguments beside `bundle` and `run`.
    arguments: frozenset = frozenset()
    _supports_async = False

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Checks the arguments and calls `act`."""
        super().run(tmp, task_vars)
        known = {"bundle", "run"} | self.arguments
        unknown = set(self._task.args) - known
        if unknown:
            raise AnsibleActionFail(f"unknown arguments: {', '.join(sorted(unknown))}")
        for name in ("bundle", "run"):
            if not self._task.args.get(name):
                raise AnsibleActionFail(f"argument {name} is missing")
        self.task_vars = task_vars or {}
        self.name = str(self.task_vars["inventory_hostname"])
        self.bundle = str(self._task.args["bundle"])
        return self.act()

    def act(self) -> dict[str, Any]:
        """The work; returns the task's result."""
        raise NotImplementedError

    def argument(self, name: str, default: Any = None) -> Any:
        """One argument of the task."""
        return self._task.args.get(name, default)

    @property
    def leads(self) -> bool:
        """Whether this node is the first control plane: it keeps the lock and is initialised."""
        return self.name == str(self.task_vars["groups"]["control_plane"][0])

    def host(self) -> dict[str, Any]:
        """The node's `host.yaml`."""
        return self.read_yaml(f"nodes/{self.name}/host.yaml")

    def read_yaml(self, path: str) -> Any:
        """One YAML document of the bundle."""
        return yaml.load(self.read(path), Loader=_LOADER)  # noqa: S506 - a safe loader

    def read_all_yaml(self, path: str) -> list[Any]:
        """All YAML documents of one file of the bundle, empty ones left out."""
        return [document for document in yaml.load_all(self.read(path), Loader=_LOADER) if document]

    def read(self, path: str) -> str:
        """One file of the bundle."""
        with open(os.path.join(self.bundle, path), encoding="utf-8") as file:
            return file.read()

    def execute(self, payload: dict[str, Any], module: str = "") -> dict[str, Any]:
        """Runs this action's module on the node.

        Args:
            module: name of another module of this collection.
        """
        packed = json.dumps({"run": self._task.args["run"], "leads": self.leads, **payload}).encode()
        name = module or self._task.action.rpartition(".")[2]
        result = self._execute_module(
            module_name=f"{_COLLECTION}.{name}",
            module_args={"payload": base64.b64encode(zlib.compress(packed)).decode()},
            task_vars=self.task_vars,
        )
        # The payload is of no use to a reader and may be large.
        result.pop("invocation", None)
        return result

    def keep_kubeconfig(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Runs this action's module and writes the kubeconfig that it returns to `destination`, for its owner only.

        The kubeconfig does not become part of the result.
        """
        result = self.execute(payload)
        kubeconfig = result.pop("kubeconfig", None)
        if kubeconfig and not result.get("failed"):
            path = str(self.argument("destination"))
            temporary = f"{path}.{os.getpid()}"
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(kubeconfig)
            os.replace(temporary, path)
            result["path"] = path
        return result

    def progress(self, text: str) -> None:
        """Tells the runner what a long step is doing, as one line of its event stream."""
        Display().display(json.dumps({"event": "progress", "node": self.name, "text": text}))
