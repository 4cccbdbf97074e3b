from __future__ import annotations

import unittest
from unittest import mock

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils import preflight
from ansible_collections.bulwark.cluster.plugins.plugin_utils import clock

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


class Clock(unittest.TestCase):
    def test_a_slow_answer_is_no_wrong_clock(self) -> None:
        self.assertEqual(clock.problems(1000, 1090, 1100), [])
        self.assertEqual(clock.problems(1000, 980, 1100), [])

    def test_a_clock_that_is_before_the_question_or_after_the_answer_is(self) -> None:
        self.assertEqual(clock.problems(1000, 960, 1001), ["the clock differs from the operator's by -40 s; synchronise it"])
        self.assertEqual(clock.problems(1000, 1041, 1001), ["the clock differs from the operator's by 40 s; synchronise it"])


if __name__ == "__main__":
    unittest.main()
