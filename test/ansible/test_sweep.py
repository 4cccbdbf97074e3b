from __future__ import annotations

import grp
import os
import pwd
import tempfile
import unittest
from pathlib import Path

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import sweep

OWNER, GROUP = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


class Sweep(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def test_links_have_no_mode_of_their_own(self) -> None:
        (self.root / "key.pem").touch(0o644)
        (self.root / "current.pem").symlink_to("key.pem")
        wanted = [{"path": f"{self.root}/*.pem", "mode": "0600", "owner": OWNER, "group": GROUP}]
        first, second = Recorder(), Recorder()
        sweep.modes(first, wanted)
        sweep.modes(second, wanted)
        self.assertEqual(first.changes, [("mode", f"{self.root}/key.pem", "mode 0644 -> 0600")])
        self.assertEqual(second.changes, [])

    def test_unwanted_files_go_and_missing_ones_are_fine(self) -> None:
        unwanted = [{"path": f"{self.root}/{name}", "controls": ["a/b"]} for name in ("here", "missing")]
        (self.root / "here").touch()
        looked, done = Recorder(check=True), Recorder()
        sweep.absent(looked, unwanted)
        self.assertTrue((self.root / "here").exists())
        sweep.absent(done, unwanted)
        self.assertEqual(looked.changes, done.changes)
        self.assertEqual(done.controls, {f"{self.root}/here": ["a/b"]})
        self.assertEqual(list(self.root.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
