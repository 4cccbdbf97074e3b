from __future__ import annotations

import json
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils import commands, lease, state


class Lease(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.lock = Path(directory.name) / "lock"
        for module, name, value in ((lease, "PATH", str(self.lock)), (state, "DIRECTORY", directory.name)):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_second_run_is_kept_out_until_the_first_gives_it_back(self) -> None:
        lease.acquire("one")
        lease.acquire("one")
        with self.assertRaisesRegex(lease.Busy, "run one holds this cluster"):
            lease.acquire("two")
        self.assertFalse(lease.release("two"))
        self.assertTrue(lease.release("one"))
        lease.acquire("two")

    def test_lease_of_a_killed_run_ends_by_itself(self) -> None:
        lease.acquire("killed")
        with patch.object(lease.time, "time", return_value=time.time() + lease.DURATION + 1):
            lease.acquire("next")

    def test_lease_does_not_outlive_a_reboot(self) -> None:
        lease.acquire("before")
        saved = json.loads(self.lock.read_text())
        self.lock.write_text(json.dumps({**saved, "boot": "another"}))
        lease.acquire("after")

    def test_step_is_refused_once_another_run_has_taken_over(self) -> None:
        lease.acquire("one")
        with self.assertRaisesRegex(lease.Busy, "run one has taken this cluster over"):
            with lease.working("two", lease=True):
                self.fail("worked without the lease")
        with lease.working("one", lease=True):
            pass
        # Other nodes keep no lease, only the file lock.
        with lease.working("two", lease=False):
            pass

    def test_expired_lease_that_nobody_took_is_taken_up_again(self) -> None:
        lease.acquire("one")
        later = time.time() + lease.DURATION + 1
        with patch.object(lease.time, "time", return_value=later):
            with lease.working("one", lease=True):
                with self.assertRaises(lease.Busy):
                    lease.acquire("two")
            with self.assertRaisesRegex(lease.Busy, "run one holds"):
                lease.acquire("two")

    def test_what_a_killed_step_left_running_still_holds_the_lock(self) -> None:
        with lease.working("one", lease=False):
            child = subprocess.Popen(["sleep", "60"], pass_fds=tuple(commands.inherited))
        try:
            with self.assertRaisesRegex(lease.Busy, "still working"):
                lease.acquire("two")
        finally:
            child.kill()
            child.wait()
        lease.acquire("two")

    def test_damaged_file_holds_nobody_out(self) -> None:
        self.lock.write_text("{")
        lease.acquire("one")


if __name__ == "__main__":
    unittest.main()
