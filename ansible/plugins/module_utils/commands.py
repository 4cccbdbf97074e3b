"""Runs programs on the node: never through a shell, never without a time limit."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import Mapping, Optional, Sequence

from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact, tail

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENVIRONMENT = {
    "PATH": PATH,
    "LC_ALL": "C",
    "HOME": "/root",
}

#: File descriptors that every program started here inherits.
inherited: set[int] = set()


class CommandError(Exception):
    """A program failed; `lines` are its last words, redacted."""

    def __init__(self, argv: Sequence[str], status: str, output: str) -> None:
        self.argv = list(argv)
        self.lines = tail(output)
        super().__init__(f"`{redact(' '.join(argv))}` {status}: {' | '.join(self.lines[-3:]) or 'no output'}")


@dataclass(frozen=True)
class Result:
    """What a program left."""

    status: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Both streams, standard output first."""
        return f"{self.stdout}\n{self.stderr}".strip()


def run(
    argv: Sequence[str],
    *,
    timeout: float = 60,
    stdin: str = "",
    umask: int = 0o022,
    env: Optional[Mapping[str, str]] = None,
    check: bool = True,
) -> Result:
    """Runs `argv` and returns what it left.

    Args:
        timeout: seconds until the program is killed.
        check: raise `CommandError` on a status other than 0.
    """
    try:
        done = subprocess.run(
            list(argv),
            input=stdin,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            umask=umask,
            pass_fds=tuple(inherited),
            env={**_ENVIRONMENT, **(env or {})},
        )
    except subprocess.TimeoutExpired as error:
        output = b"".join(part for part in (error.stdout, error.stderr) if isinstance(part, bytes))
        raise CommandError(argv, f"did not end within {timeout:.0f} s", output.decode(errors="replace")) from None
    except OSError as error:
        raise CommandError(argv, f"did not start ({error.strerror})", "") from None
    result = Result(done.returncode, done.stdout, done.stderr)
    if check and result.status != 0:
        raise CommandError(argv, f"failed with status {result.status}", result.output)
    return result


def succeeds(argv: Sequence[str], *, timeout: float = 20) -> bool:
    """Whether a program ends with status 0."""
    try:
        return run(argv, timeout=timeout, check=False).status == 0
    except CommandError:
        return False


def exists(path: str) -> bool:
    """Whether a path exists, dangling links included."""
    return os.path.lexists(path)
