import type { k8s } from 'cdk8s-plus-27';
import { allowedPodOf } from '../../constructs/admission/allowed-pod';
import { kubeadmPods } from '../../constructs/admission/kubeadm-pods';
import { describeWith } from '../support/judges';
import { clusterOf } from './platform-fixture';
import { kubeadmAddons } from './platform-server';

describeWith("the guard's idea of kubeadm's add-ons", ['kubeadm'], (programs) => {
  test.each([
    ['Deployment', 'coredns'],
    ['DaemonSet', 'kube-proxy'],
  ])('%s %s is what kubeadm deploys', (kind, name) => {
    const cluster = clusterOf({ cni: { name: 'cilium', kubeProxyReplacement: false } });
    const ours = kubeadmPods(cluster).find(({ serviceAccountName }) => serviceAccountName === name);
    const theirs = kubeadmAddons(programs.kubeadm).find(
      (object) => object.kind === kind && object.metadata.name === name,
    );
    expect(ours && allowedPodOf(ours)).toEqual(allowedPodOf(theirs.spec.template.spec as k8s.PodSpec));
  });
});
