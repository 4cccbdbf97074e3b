"""Images in containerd's namespace of Kubernetes."""

from __future__ import annotations

import json
import tarfile
import time

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run, succeeds

_CTR = ["ctr", "--namespace", "k8s.io"]
#: containerd's CRI tells the kubelet not to garbage-collect an image with this label.
_PINNED = "io.cri-containerd.pinned=pinned"


def wait_ready(seconds: float = 30) -> None:
    """Waits until containerd answers.

    Raises:
        CommandError: if it does not.
    """
    deadline = time.monotonic() + seconds
    while not succeeds([*_CTR, "version"], timeout=5):
        if time.monotonic() > deadline:
            raise CommandError(["ctr", "version"], f"got no answer within {seconds:.0f} s", "")
        time.sleep(0.2)


def images() -> dict[str, tuple[str, bool]]:
    """Digest of every image by reference, and whether it is pinned."""
    found = {}
    for line in run([*_CTR, "images", "ls"]).stdout.splitlines()[1:]:
        columns = line.split()
        digest = next((column for column in columns if column.startswith("sha256:")), "")
        found[columns[0]] = (digest, _PINNED in columns[-1])
    return found


def import_image(archive: str) -> None:
    """Imports an OCI archive, all names that it carries."""
    run([*_CTR, "images", "import", archive], timeout=300)


def pin(reference: str) -> None:
    """Keeps the kubelet from removing an image."""
    run([*_CTR, "images", "label", reference, _PINNED])


def container_pids(name: str) -> list[int]:
    """Process ids of the running containers that a pod declares under this name."""
    listed = run([*_CTR, "containers", "ls", "--quiet", f'labels."io.kubernetes.container.name"=={name}']).stdout
    wanted = set(listed.split())
    rows = (line.split() for line in run([*_CTR, "tasks", "ls"]).stdout.splitlines()[1:])
    return [int(row[1]) for row in rows if row[0] in wanted and row[2] == "RUNNING"]


def archive_digests(path: str) -> dict[str, str]:
    """Manifest digest of every image in an OCI archive, by reference."""
    with tarfile.open(path, "r:") as archive:
        # `tar` writes `./index.json` where it packs a directory.
        member = next(entry for entry in archive if entry.name.removeprefix("./") == "index.json")
        index = archive.extractfile(member)
        manifests = json.load(index)["manifests"] if index else []
    named = ((entry.get("annotations", {}).get("io.containerd.image.name"), entry["digest"]) for entry in manifests)
    return {name: digest for name, digest in named if name}
