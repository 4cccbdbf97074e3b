"""`kubeadm join` of a worker."""

from __future__ import annotations

import os

from ansible_collections.bulwark.cluster.plugins.module_utils import diagnosis, files, slots, tree
from ansible_collections.bulwark.cluster.plugins.module_utils.commands import CommandError, run
from ansible_collections.bulwark.cluster.plugins.module_utils.initialise import RESET
from ansible_collections.bulwark.cluster.plugins.module_utils.state import State
from ansible_collections.bulwark.cluster.plugins.module_utils.step import Step, StepError

_KUBEADM = "/etc/kubernetes/bulwark/kubeadm"
_DISCOVERY = f"{_KUBEADM}/discovery.conf"
JOIN = ["kubeadm", "join", "--config", f"{_KUBEADM}/join.yaml"]
_BOOTSTRAP = "/etc/kubernetes/bootstrap-kubelet.conf"


def run_join(step: Step, state: State) -> None:
    """Joins the node.

    A join that was cut short is started afresh: a worker without a complete join runs nothing that could be lost.

    Raises:
        StepError: with the last words of the kubelet.
    """
    half_done = any(os.path.exists(path) for path in (_BOOTSTRAP, "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/pki/ca.crt"))
    if half_done:
        step.changed("command", " ".join(RESET), "a join did not end here")
    step.changed("command", " ".join(JOIN), "run")
    if step.check:
        return
    if half_done:
        run(RESET, timeout=180)
        # The reset took directories with it that the tree had made.
        tree.make_directories(step, step.payload["directories"])
    content = slots.fill(step.payload["discovery"], None, step.payload["slots"]).encode()
    try:
        files.write(_DISCOVERY, content, "0600")
        run(JOIN, timeout=900, umask=0o077)
    except CommandError as error:
        raise StepError(str(error), [*error.lines, *diagnosis.kubelet()]) from None
    finally:
        # kubeadm removes its own file only when the join ends well; both carry the token.
        for path in (_DISCOVERY, _BOOTSTRAP):
            files.remove(path)
    state.complete = True
    state.pending = [name for name in state.pending if name not in ("kubeadm", "kubelet.service")]
    state.save()
