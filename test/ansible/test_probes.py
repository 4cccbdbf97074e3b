from __future__ import annotations

import http.server
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils.probes import canary, cluster, collect, filesystem, network, system
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen

PAYLOAD = {"name": "here", "nodes": {"here": "127.0.0.1"}, "endpoint": "127.0.0.1:6443", "role": "worker", "probes": []}
CONTEXT = Context(PAYLOAD)


class Directory(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)


class Files(Directory):
    def test_mode_and_type(self) -> None:
        path = self.root / "f"
        path.touch()
        path.chmod(0o640)
        (self.root / "link").symlink_to(path)
        seen = filesystem.file({"path": f"{self.root}/*"}, CONTEXT)
        self.assertEqual([(Path(fact["path"]).name, fact["type"]) for fact in seen], [("f", "file"), ("link", "link")])
        self.assertEqual(seen[0]["mode"], "0640")

    def test_missing_file(self) -> None:
        self.assertEqual(filesystem.file({"path": f"{self.root}/none"}, CONTEXT), [])
        self.assertIsNone(filesystem.file_text({"path": f"{self.root}/none"}, CONTEXT))

    def test_secret_is_never_collected(self) -> None:
        path = self.root / "config.yaml"
        path.write_text("keys:\n- name: key1\n  secret: q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n")
        with self.assertRaises(Unseen):
            filesystem.file_text({"path": str(path)}, CONTEXT)


@unittest.skipUnless(shutil.which("openssl"), "NOT RUN: openssl is missing")
class Tls(Directory):
    def setUp(self) -> None:
        super().setUp()
        self.certificate, self.key = str(self.root / "crt"), str(self.root / "key")
        argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
        argv += ["-subj", "/O=there/CN=here", "-addext", "subjectAltName=DNS:here,IP:127.0.0.1"]
        subprocess.run([*argv, "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    def serve(self, client_certificate: bool = False) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        if client_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.certificate)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def test_certificate_fields(self) -> None:
        (fact,) = filesystem.certificate({"path": self.certificate}, CONTEXT)
        self.assertEqual(fact["subject"], "CN=here,O=there")
        self.assertEqual(fact["sans"], ["here", "127.0.0.1"])
        self.assertRegex(fact["notAfter"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_handshake(self) -> None:
        fact = network.tls({"address": f"127.0.0.1:{self.serve()}"}, CONTEXT)
        self.assertEqual((fact["accepted"], fact["version"], fact["subject"]), (True, "TLSv1.3", "CN=here,O=there"))

    def test_old_version_is_refused(self) -> None:
        fact = network.tls({"address": f"127.0.0.1:{self.serve()}", "maximum": "1.1"}, CONTEXT)
        self.assertFalse(fact["accepted"])
        self.assertIn("PROTOCOL_VERSION", fact["error"])

    def test_client_certificate_is_missed_in_tls_1_3(self) -> None:
        fact = network.tls({"address": f"127.0.0.1:{self.serve(client_certificate=True)}"}, CONTEXT)
        self.assertFalse(fact["accepted"])
        self.assertIn("CERTIFICATE_REQUIRED", fact["error"])

    def test_http_over_tls(self) -> None:
        fact = network.http({"url": "https://${node}:%d/x" % self.serve()}, CONTEXT)
        self.assertEqual((fact["status"], fact["body"]), (200, "/x"))


class Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_: object) -> None:
        pass


class Network(unittest.TestCase):
    def test_listeners_and_connections(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            found = [fact for fact in network.listeners({}, CONTEXT) if fact["port"] == port]
            self.assertEqual([(fact["protocol"], fact["address"]) for fact in found], [("tcp", "127.0.0.1")])
            self.assertTrue(found[0]["process"].startswith("python"))
            self.assertEqual(network.connect({"target": "node:here", "port": port}, CONTEXT), {"result": "open"})
        self.assertEqual(network.connect({"target": "127.0.0.1", "port": port}, CONTEXT), {"result": "refused"})


class System(unittest.TestCase):
    def test_process_arguments(self) -> None:
        child = subprocess.Popen(["sleep", "60"])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        found = [fact for fact in system.process({"name": "sleep"}, CONTEXT) if fact["pid"] == child.pid]
        self.assertEqual(found[0]["args"], ["sleep", "60"])

    def test_sysctl(self) -> None:
        self.assertEqual(system.sysctl({"name": "kernel.ostype"}, CONTEXT), "Linux")
        self.assertIsNone(system.sysctl({"name": "kernel.no_such_name"}, CONTEXT))


class Silent:
    """Stands for an API server: takes every request."""

    def request(self, *_: object) -> dict:
        return {}

    get = delete = request


class AuditCanary(Directory):
    def observe(self, argument: str) -> dict:
        manifest = self.root / "kube-apiserver.yaml"
        manifest.write_text(f"    - --secure-port=6443\n{argument}")
        with mock.patch.object(canary, "_MANIFEST", str(manifest)), mock.patch.object(canary, "_SECONDS", 0):
            return cluster.audit_canary({}, Context(PAYLOAD, canary=canary.Canary(Silent())))

    def test_no_audit_log_is_seen_as_no_event(self) -> None:
        self.assertEqual(self.observe(""), {"events": [], "bodyLogged": False})

    def test_log_without_the_canary_is_seen_as_no_event(self) -> None:
        log = self.root / "audit.log"
        log.write_text('{"verb":"get","level":"Metadata"}\n')
        self.assertEqual(self.observe(f"    - --audit-log-path={log}\n"), {"events": [], "bodyLogged": False})


class Collect(unittest.TestCase):
    def test_every_probe_gets_a_fact_or_a_reason(self) -> None:
        probes = [
            {"key": "a", "probe": {"kind": "sysctl", "name": "kernel.ostype"}},
            {"key": "b", "probe": {"kind": "configz"}},
            {"key": "c", "probe": {"kind": "no-such-kind"}},
            {"key": "d", "probe": {"kind": "connect", "target": "node:nobody", "port": 1}},
        ]
        seen = collect.collect({**PAYLOAD, "probes": probes})
        self.assertEqual(seen["a"], {"fact": "Linux"})
        self.assertIn("control plane", seen["b"]["unseen"])
        self.assertIn("no probe of kind", seen["c"]["unseen"])
        self.assertIn("no node nobody", seen["d"]["unseen"])


if __name__ == "__main__":
    unittest.main()
