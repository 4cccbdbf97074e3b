"""What probes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from ansible_collections.bulwark.cluster.plugins.module_utils import api
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.canary import Canary
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.unseen import Unseen


@dataclass
class Context:
    """One node's view: names, addresses and the credential of this observation."""

    payload: dict[str, Any]
    credential: Optional[api.Credential] = None
    canary: Optional[Canary] = None
    #: Ask kubelets themselves, which takes `nodes/configz`; their API behind the API server takes `nodes/proxy`.
    direct: bool = False
    no_credential: str = "only a control plane can make the credential that this probe needs"
    #: Why nothing may be made on the cluster, where that is so.
    no_canary: str = ""

    @property
    def name(self) -> str:
        """The node's name."""
        return self.payload["name"]

    def address(self, target: str) -> str:
        """An address; `node:<name>` stands for another node's."""
        if not target.startswith("node:"):
            return self.fill(target)
        name = target[5:]
        if name not in self.payload["nodes"]:
            raise Unseen(f"the inventory has no node {name}")
        return self.payload["nodes"][name]

    def fill(self, text: str) -> str:
        """`${node}` and `${endpoint}` filled in."""
        own = self.payload["nodes"][self.name]
        return text.replace("${node}", own).replace("${endpoint}", self.payload["endpoint"])

    def api(self) -> api.Api:
        """A connection of its own for one probe: connections are not shared between threads.

        Raises:
            Unseen: where there is no credential.
        """
        socket = self.payload.get("socket")
        return api.ProxyApi(socket) if socket else api.connect(self.admin())

    @property
    def foreign(self) -> bool:
        """Whether somebody else built the cluster: nothing is made on it unasked, and no credential is minted."""
        return bool(self.payload.get("foreign"))

    def kubelet(self, node: str) -> api.Api:
        """A connection to a node's kubelet, which must show a certificate of the cluster's authority."""
        address, credential = self.address(f"node:{node}"), self.admin()
        host = f"[{address}]" if ":" in address else address
        return api.Api(f"https://{host}:10250", api.CA, credential.certificate, credential.key)

    def admin(self) -> api.Credential:
        """The credential of this observation: an administrator's, unless `collect_as` was called.

        Raises:
            Unseen: where there is none.
        """
        if self.credential is None:
            raise Unseen(self.no_credential)
        return self.credential
