"""Files on the node: attributes, text, certificates. Never the content of a file with a secret."""

from __future__ import annotations

import datetime
import glob
import grp
import os
import pwd
import re
import stat
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen

_MAXIMUM_TEXT = 256 * 1024
_SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|client-key-data:|^\s*secret:\s*\S{20,}|^\s*token:\s*\S{10,}", re.M)


def file(probe: dict, _context: Context) -> list[dict[str, Any]]:
    """Mode, owner and type of every path that the glob names."""
    return [_attributes(path) for path in _named(probe["path"])]


def _named(pattern: str) -> list[str]:
    """Every path that the glob names.

    Raises:
        Unseen: where a folder on the way may not be looked into, so that nothing found would mean nothing.
    """
    parts = pattern.strip("/").split("/")
    for depth in range(len(parts)):
        for folder in glob.glob(f"/{'/'.join(parts[:depth])}"):
            needed = os.R_OK | os.X_OK if glob.has_magic(parts[depth]) else os.X_OK
            if os.path.isdir(folder) and not os.access(folder, needed, effective_ids=True):
                raise Unseen(f"no right to look into {folder}")
    return sorted(glob.glob(pattern, recursive=True))


def _attributes(path: str) -> dict[str, Any]:
    status = os.lstat(path)
    kinds = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "link"))
    return {
        "path": path,
        "type": next((name for test, name in kinds if test(status.st_mode)), "other"),
        "mode": f"{stat.S_IMODE(status.st_mode):04o}",
        "owner": _user(status.st_uid),
        "group": _group(status.st_gid),
    }


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def file_text(probe: dict, _context: Context) -> Optional[str]:
    """A file's text; None where there is none."""
    try:
        with open(probe["path"], encoding="utf-8", errors="replace") as source:
            text = source.read(_MAXIMUM_TEXT)
    except FileNotFoundError:
        return None
    if _SECRET.search(text):
        raise Unseen("the file holds a secret, which is never collected")
    return text


def certificate(probe: dict, _context: Context) -> list[dict[str, Any]]:
    """Fields of the first certificate of every file that the glob names."""
    return [_certificate(path) for path in _named(probe["path"])]


def _certificate(path: str) -> dict[str, Any]:
    fields = ["-subject", "-issuer", "-enddate", "-dateopt", "iso_8601", "-ext", "subjectAltName"]
    printed = run(["openssl", "x509", "-in", path, "-noout", "-nameopt", "RFC2253", *fields]).stdout

    def line(name: str) -> str:
        found = re.search(rf"^{name}=\s*(.*)$", printed, re.M)
        return found.group(1) if found else ""

    sans = re.search(r"Subject Alternative Name:.*\n\s*(.*)$", printed, re.M)
    names = re.findall(r"(?:DNS|IP Address|URI|email):([^,\s]+)", sans.group(1)) if sans else []
    end = datetime.datetime.fromisoformat(line("notAfter").replace("Z", "+00:00"))
    return {
        "path": path,
        "subject": line("subject"),
        "issuer": line("issuer"),
        "sans": names,
        "notAfter": end.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
