"""Files with exact content, mode and owner, written so that a crash leaves the old or the new one."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from typing import Optional


def read(path: str) -> Optional[bytes]:
    """The content of a regular file, or None where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def sha256_of(path: str) -> str:
    """Hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def attributes_differ(path: str, mode: str, owner: str, group: str) -> list[str]:
    """What of mode and owner is not as wanted; a user that does not exist yet counts as different."""
    status = os.lstat(path)
    differ = []
    if stat.S_IMODE(status.st_mode) != int(mode, 8):
        differ.append(f"mode {stat.S_IMODE(status.st_mode):04o} -> {mode}")
    if _uid(owner) != status.st_uid or _gid(group) != status.st_gid:
        differ.append(f"owner -> {owner}:{group}")
    return differ


def set_attributes(path: str, mode: str, owner: str, group: str) -> None:
    """Sets owner, then mode (a change of owner clears set-id bits)."""
    uid, gid = pwd.getpwnam(owner).pw_uid, grp.getgrnam(group).gr_gid
    os.chown(path, uid, gid, follow_symlinks=False)
    os.chmod(path, int(mode, 8))


def write(path: str, content: bytes, mode: str, owner: str = "root", group: str = "root") -> None:
    """Replaces a file atomically.

    The temporary file starts with a dot, because the kubelet runs every other file of its manifests directory.
    """
    directory = os.path.dirname(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        set_attributes(temporary, mode, owner, group)
        os.replace(temporary, path)
    except BaseException:
        _unlink(temporary)
        raise


def install(source: str, target: str, mode: str, sha256: str) -> None:
    """Copies a program to its place if, and only if, the bytes copied have the expected digest.

    Raises:
        ValueError: naming both digests.
    """
    os.makedirs(os.path.dirname(target), exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
    digest = hashlib.sha256()
    try:
        with os.fdopen(descriptor, "wb") as output, open(source, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
                output.write(block)
            output.flush()
            os.fsync(output.fileno())
        if digest.hexdigest() != sha256:
            raise ValueError(f"{source} has sha256 {digest.hexdigest()}, expected {sha256}")
        set_attributes(temporary, mode, "root", "root")
        os.replace(temporary, target)
    except BaseException:
        _unlink(temporary)
        raise


def remove(path: str) -> bool:
    """Removes a file or a directory tree; whether there was one."""
    if not os.path.lexists(path):
        return False
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)
    return True


def _unlink(path: str) -> None:
    if os.path.lexists(path):
        os.unlink(path)


def _uid(name: str) -> Optional[int]:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _gid(name: str) -> Optional[int]:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None
