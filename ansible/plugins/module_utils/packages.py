"""Debian packages."""

from __future__ import annotations

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step

_APT = ["apt-get", "-o", "DPkg::Lock::Timeout=120", "--yes", "--no-install-recommends"]


def ensure(step: Step, names: list[str]) -> None:
    """Installs the packages that are missing, and only those: nothing is upgraded."""
    absent = missing(names)
    if not absent:
        return
    for name in absent:
        step.changed("package", name, "install")
    if step.check:
        return
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run([*_APT, "install", *absent], timeout=600, env=environment)
    except CommandError:
        # The lists may be missing or name a version that the archive no longer has.
        run(["apt-get", "update"], timeout=300, env=environment)
        run([*_APT, "install", *absent], timeout=600, env=environment)


def missing(names: list[str]) -> list[str]:
    """The packages that are not installed."""
    if not names:
        return []
    listed = run(["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names], check=False).stdout
    installed = {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]
