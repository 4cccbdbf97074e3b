"""What can stand in the way of an installation. Every check looks only."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import sys
import time
from typing import Any, Iterator

from ansible_collections.bulwark.cluster.plugins.module_utils import files, kernel
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.sockets import listeners
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.systemd import properties

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
#: kubeadm's own minimum for a control plane.
_MEMORY_MIB = {"control-plane": 1700, "worker": 700}
_CPUS = {"control-plane": 2, "worker": 1}
#: Room for programs, images and logs below /var/lib.
_DISK_GIB = 3
#: Certificates made on one node must be valid on the others, and a join token lives 15 minutes.
_CLOCK_SKEW_SECONDS = 30
_PORTS = {
    6443: ("control-plane", "kube-apiserver"),
    2379: ("control-plane", "etcd"),
    2380: ("control-plane", "etcd"),
    10257: ("control-plane", "kube-controller"),
    10259: ("control-plane", "kube-scheduler"),
    10250: ("", "kubelet"),
    10248: ("", "kubelet"),
}


def problems(payload: dict[str, Any], state: State) -> list[str]:
    """Everything that must be put right first."""
    node = payload["node"]
    return [
        *_system(payload["arch"]),
        *_resources(node["role"]),
        *_swap(payload["swap"]),
        *_clock(payload["now"]),
        *_identity(node),
        *_ports(node["role"]),
        *_leftovers(payload["cluster"], state),
        *_modules(payload["modules"]),
    ]


def warnings() -> list[str]:
    """What does not stop an installation."""
    try:
        seen = run(["timedatectl", "show", "--property=NTPSynchronized", "--value"], timeout=10).stdout.strip()
    except CommandError:
        return ["nobody can tell whether the clock is synchronised by NTP"]
    return ["the clock is not synchronised by NTP"] if seen == "no" else []


def _system(arch: str) -> Iterator[str]:
    if os.geteuid() != 0:
        yield "the SSH user does not become root; set `ssh.become`"
    if sys.version_info < (3, 9):
        yield f"Python {platform.python_version()} is too old; 3.9 or newer is needed"
    machine = _MACHINES.get(platform.machine(), platform.machine())
    if machine != arch:
        yield f"the machine is {machine}, the node software is for {arch}"
    release = dict(line.rstrip().split("=", 1) for line in _lines("/etc/os-release") if "=" in line)
    names = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".replace('"', "").split()
    if "debian" not in names:
        yield f"the system is {release.get('PRETTY_NAME', 'unknown')}; Debian or a system derived from it is needed"
    if properties("dbus.service", "LoadState").get("LoadState") is None:
        yield "systemd does not answer"


def _resources(role: str) -> Iterator[str]:
    memory = int(next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal:"))) // 1024
    if memory < _MEMORY_MIB[role]:
        yield f"{memory} MiB of memory; a {role} needs {_MEMORY_MIB[role]} MiB"
    cpus = len(os.sched_getaffinity(0))
    if cpus < _CPUS[role]:
        yield f"{cpus} CPU; a {role} needs {_CPUS[role]}"
    free = shutil.disk_usage("/var/lib").free / 2**30
    if free < _DISK_GIB:
        yield f"{free:.1f} GiB free below /var/lib; {_DISK_GIB} GiB are needed"
    if not _memory_cgroup():
        yield "the memory cgroup is off; add `cgroup_enable=memory` to the kernel command line and reboot"


def _swap(allowed: bool) -> Iterator[str]:
    if len(_lines("/proc/swaps")) > 1 and not allowed:
        yield "swap is on; turn it off (`swapoff -a`) and remove it from /etc/fstab"


def _memory_cgroup() -> bool:
    controllers = _lines("/sys/fs/cgroup/cgroup.controllers")
    if controllers:
        return "memory" in controllers[0].split()
    return any(line.split()[0] == "memory" and line.split()[3] == "1" for line in _lines("/proc/cgroups")[1:])


def _clock(now: float) -> Iterator[str]:
    skew = time.time() - now
    if abs(skew) > _CLOCK_SKEW_SECONDS:
        yield f"the clock differs from the operator's by {skew:.0f} s; synchronise it"


def _identity(node: dict[str, Any]) -> Iterator[str]:
    name = socket.gethostname()
    if name != node["name"]:
        yield f"the host name is {name}, the spec calls this node {node['name']}; run `hostnamectl set-hostname {node['name']}`"
    links = json.loads(run(["ip", "-json", "address"]).stdout)
    addresses = {info["local"] for link in links for info in link.get("addr_info", []) if "local" in info}
    if node["address"] not in addresses:
        yield f"no interface has the address {node['address']}"


def _ports(role: str) -> Iterator[str]:
    held: dict[int, str] = {item.port: item.process for item in listeners() if item.protocol == "tcp"}
    for port, (only, owner) in _PORTS.items():
        if only in ("", role) and port in held and not held[port].startswith(owner):
            yield f"port {port} is taken by {held[port] or 'an unknown program'}; {owner} needs it"


def _leftovers(cluster: str, state: State) -> Iterator[str]:
    if state.cluster and state.cluster != cluster:
        yield f"this node belongs to the cluster {state.cluster}; reset it first"
    if state.cluster:
        return
    for path in ("/etc/kubernetes/kubelet.conf", "/etc/kubernetes/admin.conf", "/var/lib/etcd/member"):
        if os.path.lexists(path):
            yield f"{path} is left over from a cluster that was not made by Bulwark; run `kubeadm reset` first"
    manifests = "/etc/kubernetes/manifests"
    if os.path.isdir(manifests) and any(not name.startswith(".") for name in os.listdir(manifests)):
        yield f"{manifests} holds static pods that are not ours; remove them first"


def _modules(names: list[str]) -> Iterator[str]:
    for name in names:
        if not kernel.can_load(name):
            yield f"the kernel has no module {name}"


def _lines(path: str) -> list[str]:
    return (files.read(path) or b"").decode(errors="replace").splitlines()
