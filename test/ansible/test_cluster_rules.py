from __future__ import annotations

import unittest

import support  # noqa: F401
from ansible_collections.bulwark.cluster.plugins.module_utils.etcd import is_stock
from ansible_collections.bulwark.cluster.plugins.module_utils.probes.fields import keep
from ansible_collections.bulwark.cluster.plugins.plugin_utils.immutable import differences


class StockKeys(unittest.TestCase):
    """What a half-done cluster may hold and still be reset."""

    def test_made_by_kubernetes_itself(self) -> None:
        for key in (
            "/registry/namespaces/kube-system",
            "/registry/pods/kube-system/etcd-cp-1",
            "/registry/services/specs/default/kubernetes",
            "/registry/serviceaccounts/default/default",
            "/registry/configmaps/default/kube-root-ca.crt",
            "/registry/clusterroles/system:node",
            "/registry/minions/cp-1",
            "/registry/events/default/cp-1.1",
        ):
            self.assertTrue(is_stock(key), key)

    def test_made_by_a_user(self) -> None:
        for key in (
            "/registry/namespaces/shop",
            "/registry/pods/default/web",
            "/registry/secrets/shop/password",
            "/registry/persistentvolumes/data",
            "/registry/configmaps/default/mine",
            "/registry/apiextensions.k8s.io/customresourcedefinitions/things.example.org",
        ):
            self.assertFalse(is_stock(key), key)


class Immutable(unittest.TestCase):
    living = {
        "kind": "ClusterConfiguration",
        "networking": {"podSubnet": "10.244.0.0/16", "dnsDomain": "cluster.local"},
        "controlPlaneEndpoint": "192.0.2.1:6443",
        "certificatesDir": "/etc/kubernetes/pki",
    }

    def test_equal_documents_have_no_difference(self) -> None:
        wanted = {**self.living}
        del wanted["certificatesDir"]
        self.assertEqual(differences(self.living, [{"kind": "InitConfiguration"}, wanted]), [])

    def test_names_the_field_of_the_spec(self) -> None:
        wanted = {**self.living, "networking": {"podSubnet": "10.99.0.0/16", "dnsDomain": "cluster.local"}}
        self.assertEqual(
            differences(self.living, [wanted]),
            [
                "networking.podCidr cannot change on a running cluster: it is 10.244.0.0/16, the bundle says 10.99.0.0/16"
            ],
        )


class Keep(unittest.TestCase):
    item = {
        "metadata": {"name": "a", "labels": {"example.org/x": "1", "b": "2"}},
        "data": {"password": "swordfish"},
        "spec": {"containers": [{"name": "c", "env": "hidden", "image": "i"}, {"name": "d"}]},
    }

    def test_keeps_nothing_else(self) -> None:
        self.assertEqual(keep(self.item, ["metadata.name"]), {"metadata": {"name": "a"}})

    def test_maps_over_arrays_and_joins_paths(self) -> None:
        kept = keep(self.item, ["spec.containers.name", "spec.containers.image", "metadata.name"])
        self.assertEqual(
            kept, {"spec": {"containers": [{"name": "c", "image": "i"}, {"name": "d"}]}, "metadata": {"name": "a"}}
        )

    def test_brackets_hold_a_key_with_dots(self) -> None:
        kept = keep(self.item, ["metadata.labels.[example.org/x]"])
        self.assertEqual(kept, {"metadata": {"labels": {"example.org/x": "1"}}})

    def test_missing_field_is_left_out(self) -> None:
        self.assertEqual(keep(self.item, ["spec.none.such"]), {"spec": {}})


if __name__ == "__main__":
    unittest.main()
