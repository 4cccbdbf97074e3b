"""Programs and images on a node, by digest."""

from __future__ import annotations

import os
from typing import Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import containerd, files, systemd
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

#: A prepared machine has artifacts here, possibly on a read-only mount.
CACHE = "/var/cache/bulwark/artifacts"
_RECEIVED = "/var/cache/bulwark/received"
#: Applied by a step of its own, which takes it back if the operator is locked out.
FIREWALL = "bulwark-firewall.service"
CONTAINERD = "containerd.service"
APPROVER = "bulwark-csr-approver.service"
#: The program that a changed file makes stale, by installed path.
_SERVICES = {
    "/usr/bin/containerd": CONTAINERD,
    "/usr/bin/kubelet": "kubelet.service",
}


class Source:
    """Where artifacts come from: the cache of a prepared machine, or what was sent just now."""

    def __init__(self, incoming: str) -> None:
        self._incoming = incoming

    def find(self, artifact: dict) -> Optional[str]:
        """Path of an artifact's file; None where there is none."""
        if self._incoming:
            received = os.path.join(_RECEIVED, artifact["sha256"])
            sent = os.path.join(self._incoming, artifact["sha256"])
            if os.path.exists(sent):
                # Copied into root's own directory while hashing: whoever owns the sent file cannot swap it later.
                files.install(sent, received, "0600", artifact["sha256"])
                os.unlink(sent)
            if os.path.exists(received):
                return received
        path = os.path.join(CACHE, artifact["file"])
        usable = os.path.exists(path) and os.path.getsize(path) == artifact["size"]
        return path if usable and self._fits(artifact, path) else None

    def discard_received(self) -> None:
        """Removes what was sent: it is installed, and the disk is for other things."""
        if self._incoming:
            files.remove(_RECEIVED)

    @staticmethod
    def _fits(artifact: dict, path: str) -> bool:
        # Programs are hashed while they are installed; an image's manifest is cheap to look up beforehand.
        return artifact["kind"] != "image" or containerd.archive_digests(path).get(artifact["reference"]) == artifact["digest"]


def install_programs(step: Step, state: State, source: Source, programs: list[dict]) -> list[dict]:
    """Installs the programs whose digest differs; returns those that the source lacks."""
    absent = []
    for program in programs:
        target = program["install"]
        present = _digest(state, target) == program["sha256"]
        if present and state.programs.get(target, {}).get("installed") != program["sha256"]:
            step.chore(f"record that {target} is the one that is wanted")
        if present or not step.check:
            # What verification compares with. A program that is being replaced is not yet the one that it should be.
            state.programs.setdefault(target, {})["installed"] = program["sha256"]
        if present:
            continue
        path = source.find(program)
        if path is None:
            absent.append(program)
            if not step.check:
                continue
        step.changed("program", target, f"{program['name']} {program['version']}")
        if step.check or path is None:
            continue
        state.add_pending([_SERVICES[target]] if target in _SERVICES else [])
        state.save()
        files.install(path, target, program["mode"], program["sha256"])
        _digest(state, target)
    if not step.check:
        state.save()
    return absent


def start_units(step: Step, state: State, units: list[dict], restart: str = "") -> None:
    """Enables and starts the units as declared.

    Args:
        restart: a unit that is needed at once and must not run with its former program or configuration.
    """
    for unit in units:
        name = unit["name"]
        if name == FIREWALL:
            continue
        todo = systemd.needs(unit) if step.check else systemd.apply(unit)
        for verb in todo:
            step.changed("unit", name, verb, unit.get("controls", []))
        if name != restart or name not in state.pending:
            continue
        if "start" not in todo:
            step.changed("unit", name, "restart")
            if not step.check:
                systemd.restart(name)
        if not step.check:
            state.pending.remove(name)
            state.save()


def import_images(step: Step, source: Source, images: list[dict]) -> list[dict]:
    """Imports and pins the images whose digest differs; returns those that the source lacks."""
    if not images:
        return []
    present = _present(step)
    absent = []
    for image in images:
        digest, pinned = present.get(image["reference"], ("", False))
        if digest == image["digest"] and pinned:
            continue
        if digest != image["digest"]:
            path = source.find(image)
            if path is None:
                absent.append(image)
                if not step.check:
                    continue
            step.changed("image", image["reference"], "import")
            if not step.check and path is not None:
                _import(image, path)
        else:
            step.changed("image", image["reference"], "pin")
        if not step.check:
            containerd.pin(image["reference"])
    return absent


def _import(image: dict, path: str) -> None:
    """Imports an archive that says it carries the expected manifest.

    Everything below that manifest is verified by containerd, which stores content by its digest only; hashing the whole
    archive first would cost as much as the import.
    """
    said = containerd.archive_digests(path).get(image["reference"])
    if said != image["digest"]:
        raise StepError(f"{path} carries {image['reference']} with digest {said or 'none'}, expected {image['digest']}")
    containerd.import_image(path)
    digest, _ = containerd.images().get(image["reference"], ("", False))
    if digest != image["digest"]:
        raise StepError(f"{image['reference']} has digest {digest or 'none'} after the import, expected {image['digest']}")


def _present(step: Step) -> dict[str, tuple[str, bool]]:
    if step.check and not os.path.exists("/run/containerd/containerd.sock"):
        return {}
    containerd.wait_ready()
    return containerd.images()


def _digest(state: State, path: str) -> str:
    """Digest of an installed program, from the state where its stat values did not change since it was computed.

    ctime cannot be set by a program, so a replaced or edited file is always read again.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        state.programs.pop(path, None)
        return ""
    seen = [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    known = state.programs.setdefault(path, {})
    if known.get("stat") != seen:
        known.update(stat=seen, sha256=files.sha256_of(path))
    return known["sha256"]
