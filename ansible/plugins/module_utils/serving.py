"""Serving certificates of services that the API server asks: made on the control plane, kept as Secrets of the cluster.

The bundle holds neither key nor certificate. Its APIService names a Secret; the pair in there is made when it is missing
or no longer sound, and its certificate becomes the `caBundle`. Each certificate signs itself, so that it proves one
service to the API server and nothing to anybody else.
"""

from __future__ import annotations

import base64
from typing import Any, Callable, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run

#: Annotation of an APIService: the Secret with its serving certificate, in the namespace of its service.
ANNOTATION = "bulwark.dev/serving-certificate"
_DAYS = "365"
#: Seconds that a certificate must still be valid for.
_LEFT = str(30 * 24 * 3600)


def complete(items: list[dict], get: Callable[[str], Optional[dict]]) -> list[dict]:
    """The objects with the Secrets and certificate authorities that their annotations ask for.

    Args:
        get: reads an object of the cluster by its path; None where there is none.
    """
    completed: list[dict] = []
    for item in items:
        name = (item["metadata"].get("annotations") or {}).get(ANNOTATION)
        if item["kind"] == "APIService" and name:
            secret = _secret(name, item["spec"]["service"], get)
            item = {**item, "spec": {**item["spec"], "caBundle": secret["data"]["tls.crt"]}}
            completed.append(secret)
        completed.append(item)
    return completed


def _secret(name: str, service: dict[str, Any], get: Callable[[str], Optional[dict]]) -> dict:
    namespace, host = service["namespace"], f"{service['name']}.{service['namespace']}.svc"
    living = (get(f"/api/v1/namespaces/{namespace}/secrets/{name}") or {}).get("data") or {}
    pair = {field: living.get(field, "") for field in ("tls.crt", "tls.key")}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "type": "kubernetes.io/tls",
        "data": pair if _is_sound(pair, host) else _issue(host),
    }


def _is_sound(pair: dict[str, str], host: str) -> bool:
    """Whether certificate and key belong together, name the host, and the certificate is valid for a month."""
    try:
        certificate, key = (base64.b64decode(pair[field], validate=True).decode() for field in ("tls.crt", "tls.key"))
        run(["openssl", "x509", "-noout", "-checkend", _LEFT], stdin=certificate)
        names = run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], stdin=certificate).stdout
        public = run(["openssl", "x509", "-noout", "-pubkey"], stdin=certificate).stdout
        return f"DNS:{host}" in names.split() and public == run(["openssl", "pkey", "-pubout"], stdin=key).stdout
    except (ValueError, CommandError):
        return False


def _issue(host: str) -> dict[str, str]:
    """A new key with its certificate. The key passes through pipes only."""
    key = run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]).stdout
    argv = ["openssl", "req", "-x509", "-new", "-key", "/dev/stdin", "-days", _DAYS, "-subj", f"/CN={host}"]
    # Without a configuration of the machine, whose extensions would make it an authority.
    argv += ["-config", "/dev/null", "-addext", f"subjectAltName=DNS:{host}", "-addext", "basicConstraints=critical,CA:FALSE"]
    argv += ["-addext", "extendedKeyUsage=serverAuth"]
    certificate = run(argv, stdin=key).stdout
    return {field: base64.b64encode(text.encode()).decode() for field, text in (("tls.crt", certificate), ("tls.key", key))}
