"""Sockets, connections, HTTP, TLS and the packet filter, as seen from the node."""

from __future__ import annotations

import dataclasses
import http.client as http_client
import json
import os
import socket
import ssl
import urllib.parse
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import sockets
from ansible_collections.bulwark.cluster.plugins.module_utils.api import ApiError, UnixConnection
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import run
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.context import Context
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.fields import keep
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen
from ansible_collections.bulwark.cluster.plugins.module_utils.redact import redact

_SECONDS = 5
#: For a second try, where the first had no answer in time.
_PATIENCE = 15
_MAXIMUM_BODY = 2048
_KUBELET_PORT = 10250
_KUBELET_CLIENT = "/var/lib/kubelet/pki/kubelet-client-current.pem"
_VERSIONS = {
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


def listeners(_probe: dict, _context: Context) -> list[dict[str, Any]]:
    """Listening sockets with their programs."""
    try:
        os.listdir("/proc/1/fd")
    except PermissionError:
        raise Unseen("this user does not see which program holds a socket") from None
    return [dataclasses.asdict(item) for item in sockets.listeners()]


def connect(probe: dict, context: Context) -> dict[str, str]:
    """One TCP connection from this node."""
    try:
        with socket.create_connection((context.address(probe["target"]), probe["port"]), timeout=_SECONDS):
            return {"result": "open"}
    except ConnectionRefusedError:
        return {"result": "refused"}
    except (TimeoutError, socket.timeout):
        return {"result": "timeout"}
    except OSError:
        return {"result": "error"}


def http(probe: dict, context: Context) -> dict[str, Any]:
    """One request; a body of at most 2 KiB, or the wanted fields of one in JSON, redacted."""
    if context.payload.get("socket") and probe.get("client") == "admin":
        return _through_api(probe, context)
    try:
        return _request(probe, context, _SECONDS)
    except TimeoutError:
        # A machine under load is slow, not silent.
        pass
    except (OSError, http_client.HTTPException) as error:
        return _unanswered(error)
    try:
        return _request(probe, context, _PATIENCE)
    except (OSError, http_client.HTTPException) as error:
        return _unanswered(error)


def _unanswered(error: Exception) -> dict[str, Any]:
    return {"status": 0, "body": "", "error": f"{type(error).__name__}: {error}"}


def _request(probe: dict, context: Context, seconds: float) -> dict[str, Any]:
    connection = _connection(probe, context, seconds)
    try:
        url = urllib.parse.urlsplit(context.fill(probe["url"]))
        connection.request(probe.get("method", "GET"), f"{url.path or '/'}{'?' + url.query if url.query else ''}")
        response = connection.getresponse()
        return {"status": response.status, "body": redact(_body(response, probe.get("keep")))}
    finally:
        connection.close()


def _connection(probe: dict, context: Context, seconds: float) -> http_client.HTTPConnection:
    if probe.get("socket"):
        return _local(probe["socket"], seconds)
    url = urllib.parse.urlsplit(context.fill(probe["url"]))
    if url.scheme != "https":
        return http_client.HTTPConnection(url.hostname or "", url.port or 80, timeout=seconds)
    tls_context = _unverified()
    _add_client(tls_context, probe.get("client", "none"), context)
    return http_client.HTTPSConnection(url.hostname or "", url.port or 443, timeout=seconds, context=tls_context)


def _local(path: str, seconds: float) -> UnixConnection:
    """A connection to a service of this node.

    Raises:
        Unseen: where this user may not reach the socket.
    """
    if os.path.exists(path) and not os.access(path, os.W_OK, effective_ids=True):
        raise Unseen(f"no right to open {path}")
    return UnixConnection(path, seconds)


def _body(response: http_client.HTTPResponse, wanted: Optional[list[str]]) -> str:
    if wanted is None:
        return response.read(_MAXIMUM_BODY).decode(errors="replace")
    try:
        return json.dumps(keep(json.loads(response.read()), wanted), sort_keys=True)
    except ValueError:
        return ""


def _through_api(probe: dict, context: Context) -> dict[str, Any]:
    """A request to the API server or a kubelet with the credentials of a kubeconfig."""
    url = urllib.parse.urlsplit(context.fill(probe["url"]))
    kubelet = f"/api/v1/nodes/{probe['of']}/proxy" if url.port == _KUBELET_PORT else ""
    try:
        context.api().request(probe.get("method", "GET"), f"{kubelet}{url.path}", timeout=_SECONDS)
        return {"status": 200, "body": ""}
    except ApiError as error:
        # The API server's own refusal says nothing about what lies behind it.
        if error.status in (0, 401, 403):
            raise
        return {"status": error.status, "body": redact(error.message[:_MAXIMUM_BODY])}


def tls(probe: dict, context: Context) -> dict[str, Any]:
    """One handshake."""
    host, _, port = context.fill(probe["address"]).rpartition(":")
    offer = _unverified()
    # Old versions are offered on purpose: the question is whether the server takes them.
    offer.minimum_version = ssl.TLSVersion.TLSv1_1
    if probe.get("maximum"):
        offer.maximum_version = _VERSIONS[probe["maximum"]]
    offer.set_ciphers(f"{probe.get('ciphers') or 'ALL'}:@SECLEVEL=0")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS) as plain:
            with offer.wrap_socket(plain) as secure:
                _await_objection(secure)
                fact = {"accepted": True, "version": secure.version(), "cipher": (secure.cipher() or ("",))[0]}
                return {**fact, **_peer(secure.getpeercert(binary_form=True))}
    except (ssl.SSLError, ConnectionResetError) as error:
        return {"accepted": False, "error": getattr(error, "reason", None) or str(error)}


def _await_objection(secure: ssl.SSLSocket) -> None:
    """In TLS 1.3 a server that misses a client certificate says so after the handshake; a content one stays silent."""
    if secure.version() == "TLSv1.3":
        secure.settimeout(1)
        try:
            secure.recv(1)
        except (TimeoutError, socket.timeout):
            pass


def _peer(certificate: Optional[bytes]) -> dict[str, str]:
    if not certificate:
        return {}
    pem = ssl.DER_cert_to_PEM_cert(certificate)
    printed = run(["openssl", "x509", "-noout", "-subject", "-issuer", "-nameopt", "RFC2253"], stdin=pem).stdout
    return dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)


def _unverified() -> ssl.SSLContext:
    """Probes look at whatever answers; nothing that is trusted is sent to it except a client certificate's proof."""
    tls_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls_context.check_hostname = False
    tls_context.verify_mode = ssl.CERT_NONE
    return tls_context


def _add_client(tls_context: ssl.SSLContext, client: str, context: Context) -> None:
    if client == "admin":
        credential = context.admin()
        tls_context.load_cert_chain(credential.certificate, credential.key)
    elif client == "kubelet":
        if not os.path.exists(_KUBELET_CLIENT):
            raise Unseen("this node has no kubelet certificate")
        tls_context.load_cert_chain(_KUBELET_CLIENT)


def firewall(_probe: dict, context: Context) -> dict[str, Any]:
    """Our own table, as nft lists it.

    Raises:
        Unseen: where a cluster of others has no such table: what else may filter its packets is not read.
    """
    found = os.path.exists("/usr/sbin/nft")
    listed = run(["nft", "--json", "--terse", "list", "table", "inet", "bulwark"], check=False) if found else None
    if listed is not None and "not permitted" in listed.stderr:
        raise Unseen("this user may not see packet filters")
    if listed is None or listed.status != 0:
        if context.foreign:
            raise Unseen("there is no nftables table inet bulwark; packet filters of others are not read")
        return {"present": False, "chains": []}
    items = json.loads(listed.stdout)["nftables"]
    return {"present": True, "chains": [item for item in items if "metainfo" not in item]}
