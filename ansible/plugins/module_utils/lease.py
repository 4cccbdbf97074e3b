"""One run at a time on a cluster.

Two layers. The *lease* in /var/lib/bulwark/lock of the first control plane names the run that may act; it is renewed by
every step and expires on its own when the run is killed, or at once when the machine has rebooted. The *file lock* on
the same file is held by each step while it works, so that what a killed run left running is waited for. Programs that a
step starts inherit the file lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from typing import Iterator, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import commands, state

PATH = f"{state.DIRECTORY}/lock"
#: Seconds a lease outlives its last renewal: what the next run waits after a run was killed. A run whose nodes keep each
#: other waiting for longer takes its expired lease up again, unless another run has taken it over meanwhile.
DURATION = 30


class Busy(Exception):
    """Another run holds the lock."""


def acquire(run: str) -> None:
    """Takes or renews the lease for `run`.

    Raises:
        Busy: while another living run has it.
    """
    with _locked(wait=0) as lock:
        holder = _holder(lock)
        if holder is not None and holder["run"] != run:
            left = max(0, holder["expires"] - time.time())
            raise Busy(f"run {holder['run']} holds this cluster; its lease ends in {left:.0f} s unless renewed")
        _write(lock, run)


def release(run: str) -> bool:
    """Gives the lease back; whether it was ours."""
    with _locked(wait=5) as lock:
        holder = _holder(lock)
        if holder is None or holder["run"] != run:
            return False
        lock.seek(0)
        lock.truncate()
        return True


@contextlib.contextmanager
def working(run: str, lease: bool) -> Iterator[None]:
    """Holds the file lock for one step, waiting up to two minutes for what a killed run left running.

    Args:
        lease: whether this node is the one that keeps the lease; then the step is refused while another run has it.

    Raises:
        Busy: if the lock does not come free, or another run has the lease.
    """
    with _locked(wait=120) as lock:
        if lease:
            holder = _holder(lock)
            if holder is not None and holder["run"] != run:
                raise Busy(f"run {holder['run']} has taken this cluster over; start again when it has ended")
            _write(lock, run)
        try:
            yield
        finally:
            if lease:
                _write(lock, run)


@contextlib.contextmanager
def _locked(wait: float) -> Iterator:
    os.makedirs(state.DIRECTORY, mode=0o700, exist_ok=True)
    descriptor = os.open(PATH, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+") as lock:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise Busy("a step of another run is still working on this node") from None
                time.sleep(0.5)
        # A kubeadm that outlives its killed module must keep the lock.
        commands.inherited.add(lock.fileno())
        try:
            yield lock
        finally:
            commands.inherited.discard(lock.fileno())


def _holder(lock) -> Optional[dict]:
    """The living holder: none after a reboot or after the lease's end."""
    lock.seek(0)
    try:
        saved = json.loads(lock.read())
        alive = saved["boot"] == _boot() and saved["expires"] > time.time()
        return saved if alive and isinstance(saved["run"], str) else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(lock, run: str) -> None:
    lock.seek(0)
    lock.truncate()
    json.dump({"run": run, "boot": _boot(), "expires": round(time.time()) + DURATION}, lock)
    lock.flush()


def _boot() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        return file.read().strip()
