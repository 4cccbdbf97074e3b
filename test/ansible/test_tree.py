from __future__ import annotations

import grp
import os
import pwd
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import files, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State

OWNER, GROUP = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def file(self, name: str, content: str, **more: object) -> dict:
        path = str(self.root / name)
        return {"path": path, "content": content, "mode": "0600", "owner": OWNER, "group": GROUP, **more}

    def lay_down(self, host: dict, state: State | None = None, check: bool = False, show: bool = False) -> Recorder:
        step = Recorder(check=check)
        tree.lay_down(step, tree.plan(host, state or State()), show=show)
        return step

    def test_first_run_creates_and_second_changes_nothing(self) -> None:
        host = {
            "directories": [{"path": str(self.root / "d"), "mode": "0700", "owner": OWNER, "group": GROUP}],
            "files": [self.file("d/f", "text")],
        }
        first = self.lay_down(host)
        self.assertEqual([action for _, _, action in first.changes], ["create", "create"])
        self.assertEqual((self.root / "d/f").read_text(), "text")
        self.assertEqual((self.root / "d/f").stat().st_mode & 0o7777, 0o600)
        self.assertEqual(self.lay_down(host).changes, [])

    def test_drift_of_content_and_mode_is_repaired(self) -> None:
        host = {"files": [self.file("f", "text")]}
        self.lay_down(host)
        (self.root / "f").write_text("edited")
        self.assertEqual([action for _, _, action in self.lay_down(host).changes], ["replace"])
        (self.root / "f").chmod(0o644)
        self.assertEqual([action for _, _, action in self.lay_down(host).changes], ["mode 0644 -> 0600"])
        self.assertEqual((self.root / "f").read_text(), "text")

    def test_check_mode_reports_the_same_and_writes_nothing(self) -> None:
        host = {"files": [self.file("d/f", "text")]}
        self.assertEqual([change[2] for change in self.lay_down(host, check=True).changes], ["create"])
        self.assertEqual(list(self.root.iterdir()), [])

    def test_what_a_service_of_ours_wrote_goes_with_the_service(self) -> None:
        metrics, foreign = self.root / "bulwark.prom", self.root / "other.prom"
        metrics.touch()
        foreign.touch()
        state = State(written=[str(metrics)])
        self.assertEqual(self.lay_down({"written": [str(metrics)]}, state).changes, [])
        self.assertEqual(self.lay_down({}, state).changes, [("file", str(metrics), "remove")])
        self.assertEqual(list(self.root.iterdir()), [foreign])

    def test_a_unit_is_stopped_before_its_file_goes(self) -> None:
        ran: list[list[str]] = []
        timer = self.root / "x.timer"
        timer.touch()
        state = State(files=[str(timer)])
        with mock.patch.object(tree, "_UNITS", str(self.root)), mock.patch.object(
            tree, "run", lambda argv, **_: ran.append([*argv, str(timer.exists())])
        ):
            step = self.lay_down({}, state)
        self.assertEqual(step.changes[0], ("unit", "x.timer", "stop and disable"))
        self.assertEqual(ran, [["systemctl", "disable", "--now", "x.timer", "True"]])
        self.assertFalse(timer.exists())

    def test_removes_what_was_ours_and_nothing_else(self) -> None:
        ours, foreign = self.root / "ours", self.root / "foreign"
        ours.touch()
        foreign.touch()
        step = self.lay_down({"files": []}, State(files=[str(ours), str(self.root / "gone already")]))
        self.assertEqual(step.changes, [("file", str(ours), "remove")])
        self.assertTrue(foreign.exists())

    def test_keeps_what_was_ours_and_still_is(self) -> None:
        host = {"files": [self.file("f", "text")]}
        self.lay_down(host)
        self.assertEqual(self.lay_down(host, State(files=[str(self.root / "f")])).changes, [])

    def test_secret_never_shows_in_a_diff(self) -> None:
        host = {"files": [self.file("f", "key: swordfish", slots=["encryption-key:secretbox"])]}
        shown = str(self.lay_down(host, show=True).diff)
        self.assertIn(str(self.root / "f"), shown)
        self.assertNotIn("swordfish", shown)
        plain = {"files": [self.file("g", "visible")]}
        self.assertIn("visible", str(self.lay_down(plain, show=True).diff))

    def test_restarts_are_those_of_changed_files(self) -> None:
        host = {"files": [self.file("a", "1", restarts=["one"]), self.file("b", "2", restarts=["two", "one"])]}
        self.assertEqual(tree.plan(host, State()).restarts, ["one", "two"])
        self.lay_down(host)
        self.assertEqual(tree.plan(host, State()).restarts, [])

    def test_a_mode_alone_restarts_nothing(self) -> None:
        host = {"files": [self.file("f", "text", restarts=["a.service"])]}
        self.lay_down(host)
        (self.root / "f").chmod(0o644)
        self.assertEqual(tree.plan(host, State()).restarts, [])
        self.assertEqual(len(tree.plan(host, State()).files), 1)

    def test_strangers_go_from_a_directory_that_is_ours_alone(self) -> None:
        unit = self.root / "kubelet.service.d"
        entry = {"path": str(unit), "mode": "0755", "owner": OWNER, "group": GROUP}
        host = {"directories": [{**entry, "exclusive": True}], "files": [self.file("kubelet.service.d/10.conf", "ours")]}
        self.lay_down(host)
        (unit / "99-local.conf").write_text("theirs")
        planned = tree.plan(host, State())
        self.assertEqual((planned.removed, planned.restarts), ([str(unit / "99-local.conf")], ["kubelet.service"]))
        self.lay_down(host)
        self.assertEqual([path.name for path in unit.iterdir()], ["10.conf"])
        (unit / "99-local.conf").write_text("theirs")
        self.assertEqual(tree.plan({**host, "directories": [entry]}, State()).removed, [])

    def test_changes_name_the_controls(self) -> None:
        host = {
            "directories": [{"path": str(self.root / "d"), "mode": "0700", "owner": OWNER, "group": GROUP, "controls": ["a/b"]}],
            "files": [self.file("d/f", "text", controls=["c/d"])],
        }
        self.assertEqual(list(self.lay_down(host).controls.values()), [["a/b"], ["c/d"]])

    def test_kubeadm_runs_again_when_its_inputs_change(self) -> None:
        host = {"files": [{**self.file("x", "1"), "path": "/etc/kubernetes/bulwark/patches/no-such-patch.yaml"}]}
        self.assertEqual(tree.plan(host, State()).restarts, ["kubeadm"])

    def test_discovery_file_is_never_laid_down(self) -> None:
        host = {"files": [{**self.file("x", "${slot:join-token}"), "path": tree.TRANSIENT[0]}]}
        self.assertEqual(tree.plan(host, State()).files, [])


class Install(unittest.TestCase):
    def test_wrong_digest_leaves_the_old_program(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            source, target = Path(directory) / "new", Path(directory) / "program"
            source.write_text("tampered")
            target.write_text("old")
            with self.assertRaisesRegex(ValueError, "expected 00"):
                files.install(str(source), str(target), "0755", "00")
            self.assertEqual(target.read_text(), "old")
            self.assertEqual(sorted(os.listdir(directory)), ["new", "program"])


if __name__ == "__main__":
    unittest.main()
