"""What earlier runs left on this node, in /var/lib/bulwark/state.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from ansible_collections.bulwark.cluster.plugins.module_utils import files

DIRECTORY = "/var/lib/bulwark"
_PATH = f"{DIRECTORY}/state.json"


@dataclass
class State:
    """Facts that cannot be read back from the system itself."""

    #: Name of the cluster that the node belongs to.
    cluster: str = ""
    #: Files that we laid down: only these are ever removed.
    files: list[str] = field(default_factory=list)
    #: Files that services of ours write: they go with what writes them.
    written: list[str] = field(default_factory=list)
    #: What must restart and has not yet; survives a killed run.
    pending: list[str] = field(default_factory=list)
    #: `kubeadm init` or `kubeadm join` ended well here.
    complete: bool = False
    #: Digest of each installed program with the stat values under which it was computed.
    programs: dict[str, dict] = field(default_factory=dict)
    #: Digest of each file that kubeadm renders, as the last run that ended well left it.
    rendered: dict[str, str] = field(default_factory=dict)
    #: Content of the files that kubeadm writes once, as the last run that ended well left them.
    kept: dict[str, str] = field(default_factory=dict)
    #: Digest of our rules as the kernel listed them when they were confirmed.
    firewall: str = ""
    #: Of a gateway: what its sysctls were before us, for the reset.
    sysctls: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "State":
        """The saved state, or an empty one on a node that was never touched.

        Raises:
            ValueError: if the file is damaged; guessing would remove or keep the wrong files.
        """
        content = files.read(_PATH)
        if content is None:
            return cls()
        try:
            saved = json.loads(content)
            return cls(**{name: saved[name] for name in cls.__dataclass_fields__ if name in saved})
        except (ValueError, TypeError) as error:
            raise ValueError(f"{_PATH} is damaged: {error}") from None

    def save(self) -> None:
        """Writes the state atomically, and only if it changed."""
        content = json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n"
        if files.read(_PATH) == content:
            return
        os.makedirs(DIRECTORY, mode=0o700, exist_ok=True)
        files.write(_PATH, content, "0600")

    def add_pending(self, names: list[str]) -> None:
        """Notes what must restart, each name once, in the order of arrival."""
        self.pending += [name for name in dict.fromkeys(names) if name not in self.pending]
