from __future__ import annotations

import os
import shutil
import tempfile
import unittest
from unittest import mock

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import board, disk, state
from ansible_collections.bulwark.cluster.plugins.module_utils.step import StepError
from ansible_collections.bulwark.cluster.plugins.modules import node_board

ARGUMENT = {"argument": "cgroup_enable=memory", "instead": ["cgroup_disable=memory"], "controls": []}


class Steps(unittest.TestCase):
    """The module's steps on files of their own; the node's state and the kernel's files are elsewhere."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory(dir=os.path.dirname(__file__))
        self.addCleanup(directory.cleanup)
        self.root = directory.name
        for patch in (
            mock.patch.object(state, "DIRECTORY", self.root),
            mock.patch.object(state, "_PATH", self.path("state.json")),
            mock.patch.object(node_board, "DIRECTORY", self.root),
            mock.patch.object(node_board, "_APPARMOR", self.path("apparmor")),
            mock.patch.object(board, "DISK_RECORD", self.path("disk.json")),
            mock.patch.object(board, "_COMMAND_LINES", (self.path("cmdline.txt"),)),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def path(self, name: str) -> str:
        return os.path.join(self.root, name)

    def write(self, name: str, content: str) -> None:
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(content)

    def run_step(self, name: str, *, check: bool = False, **wanted: object) -> Recorder:
        of_board = {"arguments": [], "clock": False, **wanted}
        step = Recorder({"step": name, "board": of_board, "swap": True, "node": {"name": "pi"}}, check=check)
        node_board.work(step)
        return step


class Prepare(Steps):
    def setUp(self) -> None:
        super().setUp()
        self.write("cmdline.txt", "console=tty1 root=/dev/mmcblk0p2 cgroup_disable=memory rootwait\n")

    def line(self) -> str:
        with open(self.path("cmdline.txt"), encoding="utf-8") as file:
            return file.read()

    def test_the_line_is_edited_once_and_a_node_of_no_cluster_reboots(self) -> None:
        first = self.run_step("prepare", arguments=[ARGUMENT])
        self.assertEqual([action for _, _, action in first.changes], ["replace"])
        self.assertEqual(self.line(), "console=tty1 root=/dev/mmcblk0p2 rootwait cgroup_enable=memory\n")
        again = self.run_step("prepare", arguments=[ARGUMENT])
        self.assertEqual((again.changes, again.facts["reboot"]), ([], True))

    def test_a_node_of_a_cluster_is_named_and_not_rebooted(self) -> None:
        state.State(cluster="boards", complete=True).save()
        step = self.run_step("prepare", arguments=[ARGUMENT])
        self.assertFalse(step.facts["reboot"])
        self.assertRegex(step.facts["warnings_found"][0], "^reboot this node: .* without cgroup_enable=memory$")

    def test_looking_says_what_would_be_and_changes_nothing(self) -> None:
        before = self.line()
        step = self.run_step("prepare", check=True, arguments=[ARGUMENT])
        self.assertEqual([action for _, _, action in step.changes], ["replace", "reboot"])
        self.assertEqual((self.line(), step.facts["reboot"]), (before, False))


class Booted(Steps):
    def booted(self, memory: bool = True) -> Recorder:
        with mock.patch.object(board, "memory_cgroup", return_value=memory):
            return self.run_step("booted")

    def test_a_kernel_without_apparmor_is_told_of(self) -> None:
        self.assertRegex(self.booted().facts["warnings_found"][0], "AppArmor is not on")
        self.write("apparmor", "N\n")
        self.assertRegex(self.booted().facts["warnings_found"][0], "AppArmor is not on")
        self.write("apparmor", "Y\n")
        self.assertEqual(self.booted().facts["warnings_found"], [])

    def test_a_memory_cgroup_that_stays_off_stops_the_run(self) -> None:
        with self.assertRaisesRegex(StepError, "memory cgroup is off even after a reboot"):
            self.booted(memory=False)


class Clock(Steps):
    def ready(self, *seen: object) -> None:
        with (
            mock.patch.object(board, "clock_synchronised", side_effect=seen),
            mock.patch.object(node_board, "_CLOCK_SECONDS", 0 if len(seen) == 1 else 60),
            mock.patch.object(node_board.time, "sleep"),
        ):
            self.run_step("ready", clock=True)

    def test_the_run_goes_on_once_the_clock_is_right(self) -> None:
        self.ready(None, False, True)

    def test_a_clock_that_nobody_sets_stops_the_run(self) -> None:
        for seen in (False, None):
            with self.assertRaisesRegex(StepError, "not synchronised after 0 s, and a board has no battery"):
                self.ready(seen)


@unittest.skipUnless(shutil.which("fio"), "fio is not on PATH")
class Disk(Steps):
    """The real fio on the real disk; only the limits are other ones."""

    def ready(self, warn: float, fail: float) -> Recorder:
        with mock.patch.object(disk, "_SECONDS", 1), mock.patch.object(disk, "home_of_etcd", return_value=self.root):
            return self.run_step("ready", disk={"warn": warn, "fail": fail})

    def test_a_disk_that_is_too_slow_stops_the_run_and_says_what_to_do(self) -> None:
        with self.assertRaisesRegex(StepError, r"99 % of syncs .* longer than etcd's heartbeat of 1e-06 ms: .* USB 3 or NVMe"):
            self.ready(1e-7, 1e-6)
        # What was measured is kept for the evidence, also where the run stops.
        self.assertGreater(board.measured_milliseconds() or 0, 0)

    def test_a_slow_one_is_told_of_and_a_good_one_is_not_measured_again(self) -> None:
        self.assertRegex(self.ready(1e-6, 60_000).facts["warnings_found"][0], "expect slow answers")
        with mock.patch.object(disk, "measure", side_effect=AssertionError("measured again")):
            self.assertEqual(self.ready(60_000, 60_000).facts["warnings_found"], [])

    def test_below_a_running_etcd_nothing_is_measured(self) -> None:
        state.State(cluster="boards", complete=True).save()
        self.ready(1e-7, 1e-6)
        self.assertIsNone(board.measured_milliseconds())


if __name__ == "__main__":
    unittest.main()
