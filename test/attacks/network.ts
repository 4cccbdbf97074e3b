import { type Attack, joined } from './attack';
import { restrictedPod } from './pod-specs';
import { scenery } from './scenery';
import { create, inPod, liftDefaultDeny, podAddress } from './steps';
import { metadataIsRead, metadataService, readMetadata, startStranger, stopStranger } from './stranger';

const webhookScript = `trap 'exit 0' TERM
nc -ll -p 8443 -e /bin/sh -c 'read -r line; echo "the webhook took $line"' &
wait`;

/** Attacks over the network that start in a pod. */
export const networkAttacks: readonly Attack[] = [
  {
    id: 'A37',
    title: "Read the node's cloud credentials from the metadata service",
    source: "Microsoft threat matrix, 'Instance Metadata API'; peirates aws-get-token",
    async run(target) {
      const started = await startStranger(target, metadataService);
      if (started.code !== 0) return joined(started);
      const read = await inPod(target, scenery.shop, 'deploy/frontend', readMetadata);
      await stopStranger(target, metadataService);
      return read;
    },
    refused: /nc: timed out[\s\S]*exit 1$/,
    succeeds: metadataIsRead,
    lift: { ...liftDefaultDeny(), opens: metadataIsRead },
  },
  {
    id: 'A47',
    title: "Talk to an ingress controller's admission webhook from any pod",
    source: 'CVE-2025-1974 (IngressNightmare)',
    async run(target) {
      const { image, victim } = target;
      const where = { name: 'admission', namespace: scenery.neighbour };
      const webhook = restrictedPod({ ...where, image, node: victim.name, script: webhookScript });
      const created = await create(target, webhook);
      if (created.code !== 0) return created;
      try {
        const args = ['wait', '-n', where.namespace, 'pod/admission', '--for=condition=Ready', '--timeout=60s'];
        const ready = await target.kubectl(args);
        if (ready.code !== 0) return ready;
        const address = await podAddress(target, where.namespace, where.name);
        return await inPod(target, scenery.tenant, 'web', `echo AdmissionReview | nc -w 3 ${address} 8443`);
      } finally {
        await target.kubectl(['delete', 'pod', '-n', where.namespace, where.name, '--now']);
      }
    },
    refused: /nc: timed out[\s\S]*exit 1$/,
    succeeds: /the webhook took AdmissionReview/,
    lift: { ...liftDefaultDeny(), opens: /the webhook took AdmissionReview/ },
  },
  {
    id: 'A39/metrics',
    title: 'Read what cluster DNS tells about itself, in an exempt namespace',
    source: "Microsoft threat matrix, 'Cluster internal networking'",
    async run(target) {
      const args = [
        'get',
        'pods',
        '-n',
        'kube-system',
        '-l',
        'k8s-app=kube-dns',
        '-o',
        'jsonpath={.items[0].status.podIP}',
      ];
      const { stdout: address } = await target.kubectl(args);
      const request = String.raw`printf 'GET /metrics HTTP/1.0\r\n\r\n' | nc -w 3 ${address} 9153 | grep -m 1 coredns_build_info`;
      return inPod(target, scenery.tenant, 'web', request);
    },
    refused: /nc: timed out[\s\S]*exit 1$/,
    succeeds: /coredns_build_info/,
    lift: { ...liftDefaultDeny(), opens: /coredns_build_info/ },
  },
];
