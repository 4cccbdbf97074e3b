"""A small client of the Kubernetes API, and the short-lived credential that it uses on a control plane."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import tempfile
import time
from dataclasses import dataclass
from typing import Any, Iterator, Optional
from urllib.parse import urlencode, urlsplit

from ansible_collections.bulwark.cluster.plugins.module_utils import files
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run

CA = "/etc/kubernetes/pki/ca.crt"
CA_KEY = "/etc/kubernetes/pki/ca.key"
_MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml"

SERVER_SIDE_APPLY = "application/apply-patch+yaml"


class ApiError(Exception):
    """An answer other than 2xx, or none at all (status 0)."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message


class Api:
    """One connection to an API server, reopened when it breaks."""

    def __init__(self, server: str, ca: str, certificate: Optional[str] = None, key: Optional[str] = None) -> None:
        address = urlsplit(server)
        context = ssl.create_default_context(cafile=ca)
        if certificate:
            context.load_cert_chain(certificate, key)
        self._host, self._port, self._context = address.hostname or "", address.port or 443, context
        self._connection: Optional[http.client.HTTPConnection] = None

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Optional[dict[str, str]] = None,
        content_type: str = "application/json",
        timeout: float = 30,
    ) -> Any:
        """The decoded answer.

        Raises:
            ApiError: for every answer other than 2xx, and with status 0 when no answer came.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        payload = None if body is None else json.dumps(body)
        headers = {"Accept": "application/json", "Content-Type": content_type}
        try:
            status, text = self._exchange(method, target, payload, headers, timeout)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ApiError(0, f"{method} {path}: {error or type(error).__name__}") from None
        try:
            answer = json.loads(text)
        except ValueError:
            answer = text
        if 200 <= status < 300:
            return answer
        details = answer if isinstance(answer, dict) else {}
        raise ApiError(status, details.get("message") or f"{method} {path}: HTTP {status}", details.get("reason") or "")

    def _exchange(self, method: str, target: str, body: Optional[str], headers: dict, timeout: float) -> tuple[int, str]:
        reused = self._connection is not None
        try:
            return self._send(method, target, body, headers, timeout)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A kept connection may have been closed since its last use; a fresh one that breaks is an error.
            self.close()
            if not reused:
                raise
            return self._send(method, target, body, headers, timeout)

    def _send(self, method: str, target: str, body: Optional[str], headers: dict, timeout: float) -> tuple[int, str]:
        if self._connection is None:
            self._connection = self._open(timeout)
        self._connection.timeout = timeout
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode(errors="replace")

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=self._context)

    def get(self, path: str, **query: str) -> Any:
        """GET; None where the object does not exist."""
        try:
            return self.request("GET", path, query=query)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, path: str, **query: str) -> bool:
        """DELETE; whether the object existed."""
        try:
            self.request("DELETE", path, query=query)
            return True
        except ApiError as error:
            if error.status == 404:
                return False
            raise

    def wait_ready(self, seconds: float) -> None:
        """Waits until /readyz answers.

        Raises:
            ApiError: with the last answer.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.request("GET", "/readyz", timeout=5)
                return
            except ApiError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def close(self) -> None:
        """Closes the connection; the next request opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class ProxyApi(Api):
    """A connection through a proxy that adds somebody's credentials and listens on a Unix socket: `kubectl proxy`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection = None

    def _open(self, timeout: float) -> http.client.HTTPConnection:
        return UnixConnection(self._path, timeout)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@dataclass(frozen=True)
class Credential:
    """Files of a client certificate in memory (/run); only root reads them."""

    certificate: str
    key: str


def admin_files(user: str = "bulwark:run", validity: str = "10m") -> contextlib.AbstractContextManager[Credential]:
    """An administrator's credential for this control plane, removed on every way out.

    Args:
        user: Its name in the audit log. Admission lets `bulwark:run` apply what the spec says, and nobody else.
        validity: Its life, as Go writes durations.
    """
    return credential_files("admin", user, ["kubeadm:cluster-admins"], validity)


@contextlib.contextmanager
def credential_files(name: str, user: str, groups: list[str], validity: str = "10m") -> Iterator[Credential]:
    """A new credential of a user for this control plane, removed on every way out.

    Args:
        name: what its directory is called by.
        validity: a Go duration, for example `10m`.
    """
    directory = tempfile.mkdtemp(prefix=f"bulwark-{name}-", dir=_memory())
    try:
        text = mint(user, groups, validity)
        fields = ("client-certificate-data", "client-key-data")
        yield Credential(*(_write_field(text, name, directory) for name in fields))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _memory() -> str:
    """A directory in memory. A service that systemd confines has one of its own."""
    return os.environ.get("RUNTIME_DIRECTORY", "/run")


def connect(credential: Credential) -> Api:
    """A connection to the API server of this control plane."""
    return Api(server_address(), CA, credential.certificate, credential.key)


@contextlib.contextmanager
def admin() -> Iterator[Api]:
    """An administrator's connection to the API server of this control plane."""
    with admin_files() as credential:
        api = connect(credential)
        try:
            yield api
        finally:
            api.close()


def mint(user: str, groups: list[str], validity: str, server: Optional[str] = None) -> str:
    """A kubeconfig with a new client certificate, signed by the cluster's CA on this control plane.

    Args:
        validity: a Go duration, for example `10m`.
        server: URL that the kubeconfig names. Default: this control plane.
    """
    endpoint = urlsplit(server or server_address()).netloc
    # A configuration of its own, because kubeadm would ask the internet for the newest version otherwise.
    configuration = "\n".join(
        (
            "apiVersion: kubeadm.k8s.io/v1beta4",
            "kind: ClusterConfiguration",
            f"kubernetesVersion: {_version()}",
            f"controlPlaneEndpoint: {endpoint}",
            "encryptionAlgorithm: ECDSA-P256",
            "",
        )
    )
    with tempfile.NamedTemporaryFile("w", prefix="bulwark-kubeadm-", dir=_memory()) as file:
        file.write(configuration)
        file.flush()
        argv = ["kubeadm", "kubeconfig", "user", "--config", file.name, "--client-name", user]
        for group in groups:
            argv += ["--org", group]
        return run([*argv, "--validity-period", validity], timeout=20).stdout


def server_address() -> str:
    """URL of the API server that runs on this control plane, from its static pod."""
    manifest = _manifest()
    address = re.search(r"--advertise-address=(\S+)", manifest)
    port = re.search(r"--secure-port=(\d+)", manifest)
    host = address.group(1) if address else "127.0.0.1"
    return f"https://{f'[{host}]' if ':' in host else host}:{port.group(1) if port else 6443}"


def _version() -> str:
    found = re.search(r"image:\s*\S+/kube-apiserver:(v[0-9.]+)", _manifest())
    return found.group(1) if found else run(["kubeadm", "version", "-o", "short"]).stdout.strip()


def _manifest() -> str:
    return (files.read(_MANIFEST) or b"").decode()


def _write_field(kubeconfig: str, name: str, directory: str) -> str:
    value = re.search(rf"{name}: (\S+)", kubeconfig)
    if value is None:
        raise ApiError(0, f"kubeadm wrote a kubeconfig without {name}")
    path = os.path.join(directory, name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64decode(value.group(1)))
    return path


def kubelet() -> Api:
    """A connection with the kubelet's own identity, as /etc/kubernetes/kubelet.conf names it."""
    text = (files.read("/etc/kubernetes/kubelet.conf") or b"").decode()
    server = re.search(r"server: (\S+)", text)
    if server is None:
        raise ApiError(0, "this node has no /etc/kubernetes/kubelet.conf")
    pem = "/var/lib/kubelet/pki/kubelet-client-current.pem"
    return Api(server.group(1), CA, pem, pem)
