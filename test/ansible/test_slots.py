from __future__ import annotations

import base64
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils import slots

TEMPLATE = """resources:
  - resources:
      - secrets
    providers:
      - secretbox:
          keys:
            - name: key1
              secret: ${slot:encryption-key:secretbox}
      - identity: {}
"""


class EncryptionKey(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.etcd = Path(directory.name) / "member"
        patcher = patch.object(slots, "_ETCD_DATA", str(self.etcd))
        patcher.start()
        self.addCleanup(patcher.stop)

    def key_of(self, text: str) -> str:
        return next(line.split()[-1] for line in text.splitlines() if "secret:" in line)

    def test_is_made_once_with_32_random_bytes(self) -> None:
        first, second = slots.fill(TEMPLATE, None), slots.fill(TEMPLATE, None)
        self.assertEqual(len(base64.b64decode(self.key_of(first))), 32)
        self.assertNotEqual(self.key_of(first), self.key_of(second))

    def test_living_file_is_the_source_of_truth(self) -> None:
        living = slots.fill(TEMPLATE, None)
        self.etcd.mkdir()
        wider = TEMPLATE.replace("- secrets", "- secrets\n      - configmaps")
        self.assertEqual(self.key_of(slots.fill(wider, living.encode())), self.key_of(living))

    def test_missing_key_of_a_living_cluster_is_an_error(self) -> None:
        self.etcd.mkdir()
        with self.assertRaisesRegex(ValueError, "missing on this node, but etcd holds data"):
            slots.fill(TEMPLATE, None)

    def test_damaged_key_is_an_error(self) -> None:
        living = TEMPLATE.replace("${slot:encryption-key:secretbox}", "c2hvcnQ=")
        with self.assertRaisesRegex(ValueError, "not 32 bytes"):
            slots.fill(TEMPLATE, living.encode())

    def test_slot_without_a_value_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "slot join-token has no value"):
            slots.fill("token: ${slot:join-token}", None)
        self.assertEqual(slots.fill("token: ${slot:join-token}", None, {"join-token": "x"}), "token: x")


if __name__ == "__main__":
    unittest.main()
