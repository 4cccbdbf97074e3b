"""How fast the disk below etcd syncs, measured by fio the way etcd writes its log."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from typing import Any

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run

#: Appends of the size of etcd's log entries, each synced before the next: the measurement that etcd's own guide names.
_FIO = ["fio", "--name=etcd-log", "--rw=write", "--ioengine=sync", "--fdatasync=1", "--size=22m", "--bs=2300"]
#: 22 MiB are 10 000 syncs, which a slow card does not end in a quarter of an hour; fewer are enough for a verdict.
_SECONDS = 30


def measure(directory: str) -> float:
    """The 99th percentile of fdatasync below a directory, in milliseconds.

    Raises:
        CommandError: if fio is missing or fails.
        ValueError: if it prints something else than measurements.
    """
    scratch = tempfile.mkdtemp(prefix=".bulwark-disk-", dir=directory)
    try:
        limits = [f"--runtime={_SECONDS}", f"--directory={scratch}", "--output-format=json"]
        return percentile(run([*_FIO, *limits], timeout=_SECONDS * 4).stdout)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def percentile(printed: str) -> float:
    """The 99th percentile of syncs in fio's JSON, in milliseconds."""
    try:
        # fio puts warnings before the object.
        sync: dict[str, Any] = json.loads(printed[printed.index("{") :])["jobs"][0]["sync"]["lat_ns"]
        return round(sync["percentile"]["99.000000"] / 1e6, 2)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"fio measured no sync: {error!r}") from None


def verdict(milliseconds: float, warn: float, fail: float) -> tuple[str, str]:
    """`pass`, `warn` or `fail`, and a sentence that says why."""
    seen = f"99 % of syncs below etcd take up to {milliseconds:g} ms"
    if milliseconds <= warn:
        return "pass", f"{seen}; etcd recommends {warn:g} ms"
    if milliseconds <= fail:
        return "warn", f"{seen}, etcd recommends {warn:g} ms: expect slow answers under load; a disk on USB 3 or NVMe helps"
    return "fail", (
        f"{seen}, longer than etcd's heartbeat of {fail:g} ms: it would lose its leader; put /var/lib/etcd on a disk "
        "on USB 3 or NVMe, or waive board/etcd-disk"
    )


def home_of_etcd() -> str:
    """The directory whose disk etcd writes to."""
    return "/var/lib/etcd" if os.path.isdir("/var/lib/etcd") else "/var/lib"
