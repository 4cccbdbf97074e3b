#!/usr/bin/python3
"""Collects what a control plane's scheduled verification judges; runs as bulwark-observe.service.

Reads the list of probes that the bundle laid down and writes one file, `observations.json`, into the directory that
systemd made for it. Judges nothing, changes nothing, and asks the API server as a user that may only read what the
probes need.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
from pathlib import Path

# Beside this file lie the modules of the collection that it needs, under the collection's own name.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from ansible_collections.bulwark.cluster.plugins.module_utils.probes.collect import collect_as  # noqa: E402


def main() -> None:
    """The one argument is the list of probes."""
    payload = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    document = {
        "node": payload["name"],
        "role": payload["role"],
        "at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "observations": collect_as(payload["user"], payload),
    }
    target = Path(os.environ["RUNTIME_DIRECTORY"]) / "observations.json"
    incoming = target.with_suffix(".incoming")
    incoming.write_text(json.dumps(document), encoding="utf-8")
    # A run that fails leaves nothing that could be taken for its result.
    incoming.replace(target)


if __name__ == "__main__":
    main()
