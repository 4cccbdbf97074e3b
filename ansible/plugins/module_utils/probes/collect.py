"""Runs all probes of a node side by side."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Callable

from ansible_collections.bulwark.cluster.plugins.module_utils import api
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError
from ansible_collections.bulwark.cluster.plugins.module_utils.probes import cluster, filesystem, network, system
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context, Unseen
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact

#: Seconds for all probes. Each has a shorter limit of its own; the audit canary waits longest, for a log line.
_LIMIT = 40
_WORKERS = 16

_PROBES: dict[str, Callable[[dict, Context], Any]] = {
    "file": filesystem.file,
    "file-text": filesystem.file_text,
    "certificate": filesystem.certificate,
    "process": system.process,
    "sysctl": system.sysctl,
    "module": system.module,
    "unit": system.unit,
    "versions": system.versions,
    "listeners": network.listeners,
    "connect": network.connect,
    "http": network.http,
    "tls": network.tls,
    "firewall": network.firewall,
    "configz": cluster.configz,
    "objects": cluster.objects,
    "access": cluster.access,
    "dry-run": cluster.dry_run,
    "etcd": cluster.etcd,
    "audit-canary": cluster.audit_canary,
}
#: Need an administrator's credential, which only a control plane can mint.
_ADMIN = {"configz", "objects", "access", "dry-run", "audit-canary"}


def collect(payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What was seen, by probe key."""
    probes = payload["probes"]
    needs_admin = any(item["probe"]["kind"] in _ADMIN or item["probe"].get("client") == "admin" for item in probes)
    context = Context(payload)
    with contextlib.ExitStack() as stack:
        if needs_admin and payload["role"] == "control-plane":
            try:
                context.credential = stack.enter_context(api.admin_files())
            except (ApiError, CommandError, OSError) as error:
                context.no_credential = f"no administrator's credential could be made: {error}"
        pool = ThreadPoolExecutor(_WORKERS)
        running = {item["key"]: pool.submit(_run, item["probe"], context) for item in probes}
        deadline = time.monotonic() + _LIMIT
        seen = {key: _result(future, deadline) for key, future in running.items()}
        # A probe that hangs must not keep the others' results back.
        pool.shutdown(wait=False, cancel_futures=True)
        return seen


def _run(probe: dict, context: Context) -> Any:
    run = _PROBES.get(probe["kind"])
    if run is None:
        raise Unseen(f"this version has no probe of kind {probe['kind']}")
    return run(probe, context)


def _result(future: Future, deadline: float) -> dict[str, Any]:
    try:
        return {"fact": future.result(timeout=max(0, deadline - time.monotonic()))}
    except (FutureTimeout, TimeoutError):
        return {"unseen": f"no result within {_LIMIT} s"}
    except (Unseen, ApiError, CommandError) as error:
        return {"unseen": redact(str(error))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return {"unseen": redact(f"{type(error).__name__}: {error}")}
