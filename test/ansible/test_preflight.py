from __future__ import annotations

import unittest
from unittest import mock

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils import preflight

HEADING = "Filename Type Size Used Priority"


class Swap(unittest.TestCase):
    def problems(self, lines: list[str], allowed: bool) -> list[str]:
        with mock.patch.object(preflight, "_lines", return_value=lines):
            return list(preflight._swap(allowed))

    def test_swap_stops_an_installation_unless_it_is_waived(self) -> None:
        in_use = [HEADING, "/dev/sda2 partition 1 0 -2"]
        self.assertRegex(self.problems(in_use, allowed=False)[0], "swap is on")
        self.assertEqual(self.problems(in_use, allowed=True), [])

    def test_no_swap_is_no_problem(self) -> None:
        self.assertEqual(self.problems([HEADING], allowed=False), [])


if __name__ == "__main__":
    unittest.main()
