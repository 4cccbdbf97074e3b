"""Listening sockets of the node with the programs that hold them, from /proc."""

from __future__ import annotations

import glob
import os
import socket
import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Listener:
    """One listening socket."""

    protocol: str
    address: str
    port: int
    #: Empty for a socket of the kernel or of a process that has just ended.
    process: str


_LISTEN = "0A"
_UNCONNECTED = "07"


def listeners() -> list[Listener]:
    """TCP sockets that listen and UDP sockets that are not connected."""
    owners = _owners()
    found = set()
    for protocol, state in (("tcp", _LISTEN), ("udp", _UNCONNECTED)):
        for suffix in ("", "6"):
            for local, seen, inode in _rows(f"/proc/net/{protocol}{suffix}"):
                if seen == state:
                    address, port = _decode(local)
                    found.add(Listener(protocol, address, port, owners.get(inode, "")))
    return sorted(found, key=lambda item: (item.protocol, item.port, item.address))


def _rows(path: str) -> list[tuple[str, str, str]]:
    try:
        with open(path, encoding="ascii") as file:
            columns = [line.split() for line in file.readlines()[1:]]
    except FileNotFoundError:
        return []
    return [(row[1], row[3], row[9]) for row in columns]


def _decode(local: str) -> tuple[str, int]:
    address, port = local.split(":")
    # The kernel prints each 32-bit word in the byte order of the machine.
    words = [struct.pack("=I", int(address[start : start + 8], 16)) for start in range(0, len(address), 8)]
    family = socket.AF_INET if len(address) == 8 else socket.AF_INET6
    return socket.inet_ntop(family, b"".join(words)), int(port, 16)


def _owners() -> dict[str, str]:
    owners: dict[str, str] = {}
    for path in glob.iglob("/proc/[0-9]*/fd/*"):
        try:
            target = os.readlink(path)
            if target.startswith("socket:["):
                with open(f"/proc/{path.split('/')[2]}/comm", encoding="utf-8", errors="replace") as file:
                    owners[target[8:-1]] = file.read().strip()
        except OSError:
            continue
    return owners
