#!/usr/bin/python3
"""Approves the kubelet certificates that the inventory allows, and nothing else.

Two signers are served:

* kubernetes.io/kubelet-serving: a joined node's serving certificate. Approved only if requester, groups, subject,
  usages and every name and address in the request are exactly the node's own.
* kubernetes.io/kube-apiserver-client-kubelet: a node's first client certificate, asked for with a bootstrap token.
  Approved only if the token was made for that very node: its group system:bootstrappers:bulwark:<node> says so.
  (Renewals, asked for by the node itself, are approved by Kubernetes' own controller.)

Everything else is left pending: an operator may still look at it. Nothing is ever denied.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import http.client
import ipaddress
import json
import os
import re
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Iterator, Optional
from urllib.parse import urlencode, urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

SERVING = "kubernetes.io/kubelet-serving"
CLIENT = "kubernetes.io/kube-apiserver-client-kubelet"
BOOTSTRAP_GROUP = "system:bootstrappers:bulwark:"
#: A kubelet with an ECDSA key leaves out `key encipherment`.
USAGES = {
    SERVING: ({"digital signature", "server auth"}, {"digital signature", "key encipherment", "server auth"}),
    CLIENT: ({"digital signature", "client auth"}, {"digital signature", "key encipherment", "client auth"}),
}
USER = "bulwark:csr-approver"
PATH = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
#: Seconds after which a watch is renewed, and the list with it.
WATCH = 10

#: What a node may ask for: {"<node>": {"addresses": [...], "names": [...]}}.
Inventory = dict[str, dict[str, list[str]]]


class Pending(Exception):
    """The request is left for a person to decide; says why."""


def judge(csr: dict[str, Any], inventory: Inventory) -> str:
    """The node whose certificate is to be approved.

    Raises:
        Pending: naming the first rule that the request does not meet.
    """
    spec = csr["spec"]
    signer = spec.get("signerName")
    if signer not in USAGES:
        raise Pending(f"signer {signer} is not ours")
    if set(spec.get("usages") or []) not in USAGES[signer]:
        raise Pending(f"unexpected usages {sorted(spec.get('usages') or [])}")
    request = _parse(spec.get("request") or "")
    node = _node_of(request)
    if node not in inventory:
        raise Pending(f"{node} is not in the inventory")
    if signer == SERVING:
        _judge_serving(spec, request, node, inventory[node])
    else:
        _judge_client(spec, request, node)
    return node


def _parse(encoded: str) -> x509.CertificateSigningRequest:
    try:
        request = x509.load_pem_x509_csr(base64.b64decode(encoded, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Pending(f"the request cannot be parsed: {error}") from None
    if not request.is_signature_valid:
        raise Pending("the request is not signed by its own key")
    return request


def _node_of(request: x509.CertificateSigningRequest) -> str:
    subject = {attribute.oid: attribute.value for attribute in request.subject}
    name = str(subject.get(NameOID.COMMON_NAME, ""))
    # Exactly two attributes: a second organization would be a second group.
    if len(list(request.subject)) != 2 or subject.get(NameOID.ORGANIZATION_NAME) != "system:nodes":
        raise Pending("the subject is not O=system:nodes with one common name")
    if not re.fullmatch(r"system:node:[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name):
        raise Pending("the common name is not that of a node")
    return name[len("system:node:") :]


def _judge_serving(
    spec: dict[str, Any], request: x509.CertificateSigningRequest, node: str, allowed: dict[str, list[str]]
) -> None:
    if spec.get("username") != f"system:node:{node}":
        raise Pending(f"requested by {spec.get('username')} for {node}")
    if set(spec.get("groups") or []) != {"system:nodes", "system:authenticated"}:
        raise Pending("the requester's groups are not exactly a node's")
    names, addresses = _alternative_names(request)
    if names != set(allowed["names"]) or addresses != {ipaddress.ip_address(text) for text in allowed["addresses"]}:
        asked = sorted(names) + sorted(str(address) for address in addresses)
        raise Pending(f"asks for {', '.join(asked) or 'no name'}, the inventory says otherwise")


def _judge_client(spec: dict[str, Any], request: x509.CertificateSigningRequest, node: str) -> None:
    if not str(spec.get("username", "")).startswith("system:bootstrap:"):
        raise Pending("not requested with a bootstrap token")
    ours = [group for group in spec.get("groups") or [] if group.startswith(BOOTSTRAP_GROUP)]
    if ours != [BOOTSTRAP_GROUP + node]:
        raise Pending(f"the token was not made for {node}")
    names, addresses = _alternative_names(request)
    if names or addresses:
        raise Pending("a client certificate has no names")


def _alternative_names(request: x509.CertificateSigningRequest) -> tuple[set[str], set]:
    names: set[str] = set()
    addresses: set = set()
    for extension in request.extensions:
        if not isinstance(extension.value, x509.SubjectAlternativeName):
            if isinstance(extension.value, (x509.KeyUsage, x509.ExtendedKeyUsage)):
                continue
            raise Pending(f"unexpected extension {extension.oid.dotted_string}")
        for name in extension.value:
            if isinstance(name, x509.DNSName):
                names.add(name.value)
            elif isinstance(name, x509.IPAddress):
                addresses.add(name.value)
            else:
                raise Pending("names of another kind than DNS and IP")
    return names, addresses


class Unauthorized(Exception):
    """The API server does not know our certificate."""


class Api:
    """The few requests that the approver may make."""

    def __init__(self, directory: Path) -> None:
        server = urlsplit((directory / "server").read_text().strip())
        self._host, self._port = server.hostname or "", server.port or 443
        self._context = ssl.create_default_context(cafile=str(directory / "ca.crt"))
        self._context.load_cert_chain(directory / "client.crt", directory / "client.key")

    def list(self) -> tuple[list[dict[str, Any]], str]:
        """All requests, and the version to watch from."""
        connection, response = self._send("GET", PATH)
        with contextlib.closing(connection):
            listed = json.loads(response.read())
        return listed["items"], listed["metadata"]["resourceVersion"]

    def watch(self, version: str) -> Iterator[dict[str, Any]]:
        """Requests as they come, for `WATCH` seconds."""
        query = urlencode({"watch": "1", "resourceVersion": version, "timeoutSeconds": str(WATCH)})
        connection, response = self._send("GET", f"{PATH}?{query}")
        with contextlib.closing(connection):
            for line in response:
                event = json.loads(line)
                if event.get("type") == "ERROR":
                    return
                yield event["object"]

    def approve(self, csr: dict[str, Any], node: str) -> None:
        """Adds the approval. The version in the request makes sure that what was judged is what is approved."""
        condition = {
            "type": "Approved",
            "status": "True",
            "reason": "InventoryMatch",
            "message": f"Bulwark: equals the inventory entry of {node}",
        }
        status = {**csr.get("status", {}), "conditions": [condition]}
        connection, response = self._send("PUT", f"{PATH}/{csr['metadata']['name']}/approval", {**csr, "status": status})
        with contextlib.closing(connection):
            response.read()

    def _send(self, method: str, path: str, body: Optional[dict[str, Any]] = None) -> tuple[Any, Any]:
        connection = http.client.HTTPSConnection(self._host, self._port, timeout=WATCH + 10, context=self._context)
        payload = None if body is None else json.dumps(body)
        connection.request(method, path, payload, {"Accept": "application/json", "Content-Type": "application/json"})
        response = connection.getresponse()
        if response.status >= 300:
            text = response.read(300).decode(errors="replace")
            connection.close()
            if response.status == 401:
                raise Unauthorized(text)
            raise OSError(f"{method} {path.partition('?')[0]}: HTTP {response.status} {text}")
        return connection, response


def prepare(directory: Path, inventory: Path) -> None:
    """Run as root before each start: mints a certificate for 24 hours and puts all that the service reads into memory.

    The files belong to whoever owns the directory, which is the service's own user.
    """
    manifest = Path("/etc/kubernetes/manifests/kube-apiserver.yaml").read_text()
    address = re.search(r"--advertise-address=(\S+)", manifest)
    port = re.search(r"--secure-port=(\d+)", manifest)
    if not address:
        raise ValueError("the API server's static pod names no address")
    host = f"[{address.group(1)}]" if ":" in address.group(1) else address.group(1)
    endpoint = f"{host}:{port.group(1) if port else 6443}"
    kubeconfig = _mint(endpoint)
    contents = {
        "server": f"https://{endpoint}\n".encode(),
        "ca.crt": Path("/etc/kubernetes/pki/ca.crt").read_bytes(),
        "client.crt": _field(kubeconfig, "client-certificate-data"),
        "client.key": _field(kubeconfig, "client-key-data"),
        "nodes.json": inventory.read_bytes(),
    }
    owner = directory.stat()
    for name, content in contents.items():
        file = directory / name
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)


def _mint(endpoint: str) -> str:
    version = subprocess.run(["kubeadm", "version", "-o", "short"], capture_output=True, text=True, check=True).stdout
    with tempfile.NamedTemporaryFile("w", dir="/run") as configuration:
        # A configuration of its own, because kubeadm would ask the internet for the newest version otherwise.
        configuration.write(
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nencryptionAlgorithm: ECDSA-P256\n"
            f"kubernetesVersion: {version.strip()}\ncontrolPlaneEndpoint: {endpoint}\n"
        )
        configuration.flush()
        argv = ["kubeadm", "kubeconfig", "user", "--config", configuration.name]
        argv += ["--client-name", USER, "--validity-period", "24h"]
        return subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True).stdout


def _field(kubeconfig: str, name: str) -> bytes:
    found = re.search(rf"^\s*{name}: (\S+)$", kubeconfig, re.MULTILINE)
    if found is None:
        raise ValueError(f"kubeadm wrote a kubeconfig without {name}")
    return base64.b64decode(found.group(1))


def handle(api: Api, csr: dict[str, Any], inventory: Inventory, reported: set[str]) -> None:
    """Judges one request that nobody has decided yet."""
    if (csr.get("status") or {}).get("conditions"):
        return
    name = csr["metadata"]["name"]
    try:
        node = judge(csr, inventory)
    except Pending as reason:
        if csr["metadata"]["uid"] not in reported:
            reported.add(csr["metadata"]["uid"])
            log("left pending", csr=name, requester=csr["spec"].get("username"), reason=str(reason))
        return
    api.approve(csr, node)
    log("approved", csr=name, node=node, signer=csr["spec"]["signerName"])


def log(message: str, **fields: Any) -> None:
    """One structured line in the journal."""
    print(json.dumps({"message": message, **fields}), flush=True)


def serve(directory: Path) -> None:
    """Lists and watches for ever; systemd starts it again with a fresh certificate twice a day."""
    inventory: Inventory = json.loads((directory / "nodes.json").read_text())
    api = Api(directory)
    reported: set[str] = set()
    log("started", nodes=len(inventory))
    while True:
        try:
            items, version = api.list()
            for csr in items:
                handle(api, csr, inventory, reported)
            for csr in api.watch(version):
                handle(api, csr, inventory, reported)
        except (ssl.SSLError, Unauthorized) as error:
            # The cluster's CA is another one than at the start: systemd starts us again, with a new certificate.
            log("the API server and the certificate do not fit, ending", error=str(error))
            return
        except (OSError, http.client.HTTPException, ValueError) as error:
            log("cannot reach the API server, trying again", error=str(error))
            time.sleep(2)


def main() -> None:
    """`prepare` as root, then `serve` without any privilege."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verb", choices=("prepare", "serve"))
    parser.add_argument("--directory", type=Path, required=True, help="directory in memory with what the service reads")
    parser.add_argument("--inventory", type=Path, help="what each node may ask for, for `prepare`")
    options = parser.parse_args()
    if options.verb == "prepare":
        prepare(options.directory, options.inventory)
    else:
        serve(options.directory)


if __name__ == "__main__":
    main()
