"""Runs all probes of a node side by side."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Callable

from ansible_collections.bulwark.cluster.plugins.module_utils import api
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError
from ansible_collections.bulwark.cluster.plugins.module_utils.probes import cluster, filesystem, network, system
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.canary import Canary, PlacedCanary
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen
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
    "packages": system.packages,
    "programs": system.programs,
    "board": system.board,
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
    probes = {item["key"]: item["probe"] for item in payload["probes"]}
    context = Context(payload)
    with contextlib.ExitStack() as stack:
        if context.foreign:
            context.no_credential = "no credential is minted on a cluster that others built"
            context.no_canary = payload["no_canary"]
            if payload.get("canary"):
                context.canary = PlacedCanary(**payload["canary"])
        elif payload["role"] == "control-plane" and any(map(_needs_admin, probes.values())):
            try:
                # Not the run's own user, whom admission lets do what it must be seen to refuse.
                context.credential = stack.enter_context(api.admin_files("bulwark:observe"))
                if any(map(_needs_canary, probes.values())):
                    context.canary = Canary(context.api())
                    stack.callback(context.canary.finish)
            except (ApiError, CommandError, OSError) as error:
                context.no_credential = f"the API server could not be used as administrator: {error}"
        return _run_all(probes, context)


def collect_as(user: str, payload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What was seen with no more rights on the API than `user` has. Changes nothing: there is no canary."""
    probes = {item["key"]: item["probe"] for item in payload["probes"]}
    context = Context(payload, direct=True)
    with contextlib.ExitStack() as stack:
        try:
            context.credential = stack.enter_context(api.credential_files("verifier", user, []))
        except (ApiError, CommandError, OSError) as error:
            context.no_credential = f"the API server could not be asked as {user}: {error}"
        return _run_all(probes, context)


def _needs_admin(probe: dict) -> bool:
    return probe["kind"] in _ADMIN or probe.get("client") == "admin" or _needs_canary(probe)


def _needs_canary(probe: dict) -> bool:
    of_secrets = probe["kind"] == "etcd" and "/registry/secrets/".startswith(probe["prefix"])
    return probe["kind"] == "audit-canary" or of_secrets


def _run_all(probes: dict[str, dict], context: Context) -> dict[str, dict[str, Any]]:
    pool = ThreadPoolExecutor(_WORKERS)
    running = {key: pool.submit(_run, probe, context) for key, probe in probes.items()}
    if context.canary:
        wait([running[key] for key, probe in probes.items() if probe["kind"] == "etcd"], timeout=_LIMIT)
        context.canary.seen.set()
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
