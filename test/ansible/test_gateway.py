from __future__ import annotations

import os
import socket
import tempfile
import unittest
from unittest import mock

from support import Recorder
from ansible_collections.bulwark.cluster.plugins.module_utils import state
from ansible_collections.bulwark.cluster.plugins.module_utils.step import StepError
from ansible_collections.bulwark.cluster.plugins.modules import gateway_services

MAC = "dc:a6:32:00:00:11"


class Wait(unittest.TestCase):
    def setUp(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        _, self.port = self.server.getsockname()

    def wait(self, leases: str = "", check: bool = False) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(leases)
            file.flush()
            node = {"name": "pi-1", "address": "127.0.0.1", "port": self.port, "macAddress": MAC}
            step = Recorder({"step": "wait", "seconds": 0, "behind": [node]}, check=check)
            with mock.patch.object(gateway_services, "_LEASES", file.name):
                gateway_services.work(step)

    def test_a_node_that_answers_is_not_waited_for(self) -> None:
        self.wait()

    def test_one_that_is_silent_is_named_with_what_is_known_of_its_lease(self) -> None:
        self.server.close()
        with self.assertRaisesRegex(StepError, f"^pi-1 does not answer at 127.0.0.1:{self.port} and has taken no lease: .*{MAC}"):
            self.wait(f"1800000000 dc:a6:32:00:00:12 127.0.0.1 * *\n1800000000 {MAC} 127.0.0.2 pi-1 *\n")
        with self.assertRaisesRegex(StepError, "though it has taken its lease: does sshd run there"):
            self.wait(f"1800000000 {MAC} 127.0.0.1 pi-1 01:{MAC}\n")

    def test_looking_waits_for_nobody(self) -> None:
        self.server.close()
        self.wait(check=True)


class Look(unittest.TestCase):
    #: The kernel's own, of this machine.
    SYSCTL = "net.ipv4.ip_forward"

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        for patch in (
            mock.patch.object(state, "DIRECTORY", directory.name),
            mock.patch.object(state, "_PATH", os.path.join(directory.name, "state.json")),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def look(self, interface: str = "lo", address: str = "127.0.0.1/8", check: bool = False) -> None:
        interfaces = [{"interface": interface, "address": address}]
        payload = {"step": "look", "cluster": "boards", "interfaces": interfaces, "sysctls": [self.SYSCTL]}
        gateway_services.work(Recorder(payload, check=check))

    def test_interfaces_must_have_their_addresses(self) -> None:
        self.look()
        with self.assertRaisesRegex(StepError, r"lo has not the address 10\.42\.0\.1/24 \(it has 127\.0\.0\.1/8"):
            self.look(address="10.42.0.1/24")
        with self.assertRaisesRegex(StepError, "no interface eth9"):
            self.look(interface="eth9")

    def test_the_gateway_of_another_cluster_is_left_alone(self) -> None:
        state.State(cluster="other").save()
        with self.assertRaisesRegex(StepError, "part of the cluster other"):
            self.look()

    def test_what_sysctls_were_is_noted_once(self) -> None:
        self.look(check=True)
        self.assertEqual(state.State.load().sysctls, {})
        self.look()
        with open("/proc/sys/net/ipv4/ip_forward", encoding="ascii") as file:
            self.assertEqual(state.State.load().sysctls, {self.SYSCTL: file.read().strip()})
        state.State(cluster="boards", sysctls={self.SYSCTL: "was"}).save()
        self.look()
        self.assertEqual(state.State.load().sysctls, {self.SYSCTL: "was"})


if __name__ == "__main__":
    unittest.main()
