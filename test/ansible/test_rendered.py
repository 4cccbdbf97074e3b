from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import rendered
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State


class Rendered(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.config = Path(directory.name) / "config.yaml"
        self.config.write_text("podPidsLimit: 4096\n")
        paths = mock.patch.object(rendered, "_PATHS", (str(self.config), str(self.config) + ".absent"))
        paths.start()
        self.addCleanup(paths.stop)
        self.state = State(complete=True, rendered=rendered.digests())

    def test_untouched_files_are_no_change(self) -> None:
        self.assertEqual(list(self.state.rendered), [str(self.config)])
        self.assertFalse(rendered.was_changed(self.state))

    def test_an_edited_or_removed_file_is_a_change(self) -> None:
        self.config.write_text("podPidsLimit: -1\n")
        self.assertTrue(rendered.was_changed(self.state))
        self.config.unlink()
        self.assertTrue(rendered.was_changed(self.state))

    def test_what_kubeadm_wrote_for_good_is_restored(self) -> None:
        flags = Path(self.config.parent) / "flags.env"
        flags.write_text("as kubeadm wrote it")
        with mock.patch.multiple(rendered, _KEPT=(str(flags),), _FLAGS=str(flags)):
            state = State(kept=rendered.kept())
            self.assertEqual(rendered.restore(Recorder(), state), [])
            flags.write_text("edited")
            looked = Recorder(check=True)
            self.assertEqual(rendered.restore(looked, state), ["kubelet.service"])
            self.assertEqual((looked.changes, flags.read_text()), ([("file", str(flags), "restore")], "edited"))
            rendered.restore(Recorder(), state)
            self.assertEqual(flags.read_text(), "as kubeadm wrote it")

    def test_nothing_is_known_before_the_first_run_ended_well(self) -> None:
        self.config.write_text("podPidsLimit: -1\n")
        self.assertFalse(rendered.was_changed(State(complete=True)))
        self.assertFalse(rendered.was_changed(State(complete=False, rendered=self.state.rendered)))


if __name__ == "__main__":
    unittest.main()
