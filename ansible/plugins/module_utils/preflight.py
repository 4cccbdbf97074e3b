"""What can stand in the way of an installation. Every check looks only."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import sys
from typing import Any, Iterator, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import board, files, kernel
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.sockets import listeners
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.systemd import properties

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
#: kubeadm's own minimum for a control plane.
_MEMORY_MIB = {"control-plane": 1700, "worker": 700}
_CPUS = {"control-plane": 2, "worker": 1}
#: Room for programs, images and logs below /var/lib.
_DISK_GIB = 3
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
        *_board(payload["board"]),
        *_resources(node["role"]),
        *_memory_cgroup(payload["board"]),
        *_swap(payload["swap"] or payload["board"] is not None),
        *_identity(node),
        *_ports(node["role"]),
        *_leftovers(payload["cluster"], state),
        *_modules(payload["modules"]),
    ]


def warnings(payload: dict[str, Any]) -> list[str]:
    """What does not stop an installation."""
    return [*_synchronisation(), *_unnamed_board(payload["board"])]


def _synchronisation() -> Iterator[str]:
    synchronised = board.clock_synchronised()
    if synchronised is None:
        yield "nobody can tell whether the clock is synchronised by NTP"
    elif not synchronised:
        yield "the clock is not synchronised by NTP"


def _unnamed_board(wanted: Optional[dict[str, Any]]) -> Iterator[str]:
    model = board.model()
    if model is not None and wanted is None:
        yield f"this is a {model}, and the spec does not say so; set the node's `platform.board`"


def _system(arch: str) -> Iterator[str]:
    if os.geteuid() != 0:
        yield "the SSH user does not become root; set `ssh.become`"
    if sys.version_info < (3, 9):
        yield f"Python {platform.python_version()} is too old; 3.9 or newer is needed"
    machine = _MACHINES.get(platform.machine(), platform.machine())
    if machine != arch:
        yield f"the machine is {machine}, the node software is for {arch}"
    elif (system := run(["dpkg", "--print-architecture"]).stdout.strip()) != arch:
        # A 64-bit kernel below 32-bit programs, as Raspberry Pi OS offers it.
        yield f"the system is {system} on a machine that is {machine}; install the 64-bit system"
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


def _swap(allowed: bool) -> Iterator[str]:
    if len(_lines("/proc/swaps")) > 1 and not allowed:
        yield "swap is on; turn it off (`swapoff -a`) and remove it from /etc/fstab"


def _memory_cgroup(wanted: Optional[dict[str, Any]]) -> Iterator[str]:
    # On a board the next step switches it on.
    if not board.memory_cgroup() and wanted is None:
        yield "the memory cgroup is off; add `cgroup_enable=memory` to the kernel command line and reboot"


def _board(wanted: Optional[dict[str, Any]]) -> Iterator[str]:
    if wanted is None:
        return
    model = board.model()
    if model is None:
        yield f"the spec calls this machine a {wanted['name']}, and it is no Raspberry Pi"
    elif not model.startswith(tuple(wanted["models"])):
        yield f"this is a {model}, the spec calls it a {wanted['name']}"
    if not board.command_lines():
        yield "neither /boot/firmware/cmdline.txt nor /boot/cmdline.txt holds the kernel's command line"


def _identity(node: dict[str, Any]) -> Iterator[str]:
    name = socket.gethostname()
    if name != node["name"]:
        yield f"the host name is {name}, the spec calls this node {node['name']}; run `hostnamectl set-hostname {node['name']}`"
    links = json.loads(run(["ip", "-json", "address"]).stdout)
    addresses = {info["local"] for link in links for info in link.get("addr_info", []) if "local" in info}
    if node["address"] not in addresses:
        others = ", ".join(sorted(address for address in addresses if not address.startswith(("127.", "::1", "fe80:"))))
        yield (
            f"no interface has the address {node['address']} (there are {others or 'none'}); where a lease changed, "
            "fix it to the address of the spec: certificates and the firewall of every node name that one"
        )


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
