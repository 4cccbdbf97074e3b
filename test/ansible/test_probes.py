from __future__ import annotations

import hashlib
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils import api, software, state
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
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


#: Looks at a path as a user, and says what came of it.
_LOOK = """
import os, sys
import support
from ansible_collections.bulwark.cluster.plugins.module_utils.probes import filesystem, network
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen
path, user = sys.argv[1], int(sys.argv[2])
os.setgroups([])
os.setresgid(user, user, user)
os.setresuid(user, user, user)
looks = (lambda: filesystem.file({"path": path}, None), lambda: network.listeners({}, None))
for look in (*looks, lambda: network.firewall({}, Context({}))):
    try:
        print(look())
    except Unseen as error:
        print("unseen", error)
os._exit(0)
"""


@unittest.skipUnless(os.geteuid() == 0, "NOT RUN: only root becomes another user")
class WithoutRights(Directory):
    def setUp(self) -> None:
        super().setUp()
        self.root.chmod(0o755)

    def look(self, path: str, user: int) -> list[str]:
        argv = [sys.executable, "-B", "-u", "-c", _LOOK, path, str(user)]
        done = subprocess.run(argv, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def test_what_may_not_be_looked_into_is_not_absent(self) -> None:
        closed = self.root / "closed"
        closed.mkdir(mode=0o711)
        os.chmod(closed, 0o700)
        (closed / "there").touch()
        for path in (f"{closed}/there", f"{closed}/*", f"{closed}/none"):
            self.assertEqual(self.look(path, 65534)[0], f"unseen no right to look into {closed}")
        self.assertEqual(self.look(f"{closed}/none", 0)[0], "[]")
        self.assertIn("there", self.look(f"{closed}/*", 0)[0])
        self.assertEqual(self.look(f"{self.root}/none/there", 65534)[0], "[]")
        # It may be passed through and not be listed.
        os.chmod(closed, 0o711)
        self.assertIn("there", self.look(f"{closed}/there", 65534)[0])
        self.assertEqual(self.look(f"{closed}/*", 65534)[0], f"unseen no right to look into {closed}")

    def test_listeners_without_their_programs_are_unseen(self) -> None:
        self.assertEqual(self.look("/", 65534)[1], "unseen this user does not see which program holds a socket")
        self.assertTrue(self.look("/", 0)[1].startswith("["))


    @unittest.skipUnless(os.path.exists("/usr/sbin/nft"), "NOT RUN: nft is missing")
    def test_packet_filter_that_may_not_be_seen_is_not_absent(self) -> None:
        self.assertEqual(self.look("/", 65534)[2], "unseen this user may not see packet filters")
        self.assertIn("'present'", self.look("/", 0)[2])


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


class Late(Quiet):
    asked = 0

    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        Late.asked += 1
        if Late.asked == 1:
            # Its client has given up by then.
            time.sleep(0.5)
            return
        super().do_GET()


class Network(unittest.TestCase):
    def test_a_late_answer_is_waited_for_once_more(self) -> None:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Late)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        with mock.patch.object(network, "_SECONDS", 0.2):
            seen = network.http({"url": f"http://127.0.0.1:{server.server_port}/late"}, CONTEXT)
        self.assertEqual((seen["status"], seen["body"], Late.asked), (200, "/late", 2))

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

    @unittest.skipUnless(shutil.which("dpkg-query"), "NOT RUN: dpkg-query is missing")
    def test_versions_of_the_packages_that_are_installed(self) -> None:
        seen = system.packages({"names": ["libc6", "no-such-package"]}, CONTEXT)
        self.assertRegex(seen["system"], r"^\w+ [\d.]+$")
        self.assertEqual(list(seen["versions"]), ["libc6"])
        self.assertRegex(seen["versions"]["libc6"], r"^\d")

    def test_a_program_that_is_too_slow_to_answer_is_not_missing(self) -> None:
        with mock.patch.object(system, "_VERSIONS", {"no-such-program": ["no-such-program"]}):
            self.assertEqual(list(system.versions({}, CONTEXT)), ["kernel"])
        slow = {"sleep": ["sleep", "60"]}
        with mock.patch.object(system, "_VERSIONS", slow), mock.patch.object(system, "run", _hurried):
            with self.assertRaises(CommandError):
                system.versions({}, CONTEXT)


def _hurried(argv: list, **_: float) -> object:
    return run(argv, timeout=0.1)


class Programs(Directory):
    def test_what_a_program_is_now_and_what_was_installed(self) -> None:
        path = str(self.root / "program")
        Path(path).write_text("one")
        known = state.State(programs={path: {"installed": "1" * 64}, f"{path}-gone": {"installed": "2" * 64}})
        with mock.patch.object(system.State, "load", return_value=known):
            seen = system.programs({}, CONTEXT)
        one = hashlib.sha256(b"one").hexdigest()
        here = {"path": path, "sha256": one, "installed": "1" * 64}
        self.assertEqual(seen, [here, {"path": f"{path}-gone", "sha256": "", "installed": "2" * 64}])

    def test_no_record_on_a_cluster_of_others_is_not_seen(self) -> None:
        with mock.patch.object(system.State, "load", return_value=state.State()):
            self.assertEqual(system.programs({}, CONTEXT), [])
            with self.assertRaises(Unseen):
                system.programs({}, Context({**PAYLOAD, "foreign": True}))

    def test_an_installation_records_the_digest_and_a_replaced_program_is_installed_again(self) -> None:
        source, target = self.root / "artifact", self.root / "program"
        source.write_text("program")
        digest = hashlib.sha256(b"program").hexdigest()
        program = {"name": "p", "version": "1", "install": str(target), "mode": "0755", "sha256": digest}
        saved = state.State()
        found = mock.Mock(find=lambda _: str(source))
        with mock.patch.object(state, "DIRECTORY", str(self.root)), mock.patch.object(
            state, "_PATH", str(self.root / "state.json")
        ):
            for replaced in (False, True, False):
                if replaced:
                    target.unlink()
                    target.write_text("another")
                step = mock.Mock(check=False)
                software.install_programs(step, saved, found, [program])
                self.assertEqual(saved.programs[str(target)]["installed"], digest)
                self.assertEqual(target.read_text(), "program")


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

    def test_canary_that_somebody_else_made_is_found_at_the_end_of_the_log(self) -> None:
        log = self.root / "audit.log"
        lines = ['{"verb":"get","level":"Metadata","name":"other"}']
        lines += [f'{{"verb":"{verb}","level":"Request","name":"c-1","body":"v-1"}}' for verb in ("create", "delete")]
        log.write_text("\n".join(lines))
        manifest = self.root / "kube-apiserver.yaml"
        manifest.write_text(f"    - --audit-log-path={log}\n")
        with mock.patch.object(canary, "_MANIFEST", str(manifest)):
            seen = cluster.audit_canary({}, Context(PAYLOAD, canary=canary.PlacedCanary("c-1", "v-1")))
        events = [{"verb": verb, "level": "Request"} for verb in ("create", "delete")]
        self.assertEqual(seen, {"events": events, "bodyLogged": True})

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

    def test_cluster_of_others_mints_nothing_and_makes_nothing(self) -> None:
        kinds = [{"kind": "objects", "resource": "nodes", "keep": []}, {"kind": "audit-canary"}]
        probes = [{"key": probe["kind"], "probe": probe} for probe in kinds]
        payload = {**PAYLOAD, "role": "control-plane", "foreign": True, "no_canary": "not asked for", "probes": probes}
        with mock.patch.object(collect.api, "mint", side_effect=AssertionError("a credential was minted")):
            seen = collect.collect(payload)
        self.assertIn("no credential is minted", seen["objects"]["unseen"])
        self.assertEqual(seen["audit-canary"], {"unseen": "not asked for"})


class Proxy(Directory):
    def serve(self) -> str:
        path = str(self.root / "socket")

        class Server(http.server.HTTPServer):
            address_family = socket.AF_UNIX

            def server_bind(self) -> None:
                self.socket.bind(self.server_address)

        server = Server(path, Answering)  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return path

    def test_wanted_fields_of_a_local_service(self) -> None:
        probe = {"url": "http://localhost/there", "socket": self.serve(), "keep": ["path", "other"]}
        self.assertEqual(network.http(probe, CONTEXT), {"status": 200, "body": '{"path": "/there"}'})
        seen = network.http({**probe, "socket": f"{self.root}/none"}, CONTEXT)
        self.assertEqual((seen["status"], seen["body"]), (0, ""))

    def test_api_through_a_unix_socket(self) -> None:
        path = self.serve()
        connection = api.ProxyApi(path)
        self.addCleanup(connection.close)
        self.assertEqual(connection.get("/there"), {"path": "/there"})
        self.assertIsNone(connection.get("/missing"))
        with self.assertRaises(api.ApiError) as caught:
            api.ProxyApi(f"{path}-none").get("/there")
        self.assertEqual(caught.exception.status, 0)


class Answering(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802 - the base class's name
        self.send_response(404 if self.path == "/missing" else 200)
        self.end_headers()
        self.wfile.write(b'{"path": "%s"}' % self.path.encode())

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    unittest.main()
