import type { Mutation } from './mutation';
import { edit, until } from './scripts';

const config = '/etc/containerd/config.toml';
const restart = `systemctl restart containerd && ${until('ctr version >/dev/null 2>&1')}`;

/** Configuration, socket and programs of the container runtime. */
export const runtime: readonly Mutation[] = [
  {
    control: 'runtime/listeners',
    what: 'containerd streams on every address',
    on: 'worker',
    touches: 'containerd',
    script: `${edit(config, 's/^stream_server_address = .*/stream_server_address = "0.0.0.0"/')} && ${restart}`,
  },
  {
    control: 'kubelet/streaming-idle-timeout',
    what: 'containerd keeps idle streams for hours',
    on: 'control-plane',
    touches: 'containerd',
    script: `${edit(config, 's/^stream_idle_timeout = .*/stream_idle_timeout = "4h"/')} && ${restart}`,
  },
  {
    control: 'runtime/socket',
    what: 'everybody writes to the socket of containerd',
    on: 'control-plane',
    touches: 'containerd',
    script: 'chmod 0666 /run/containerd/containerd.sock',
  },
  {
    control: 'runtime/configuration-file',
    what: 'everybody reads the configuration of containerd',
    on: 'worker',
    touches: 'containerd',
    script: `chmod 0644 ${config}`,
  },
  {
    control: 'runtime/versions',
    what: 'a runc that calls itself 1.1.5',
    on: 'worker',
    touches: 'runc',
    script: `runc=$(command -v runc) && cp "$runc" /var/tmp/runc-of-before && rm "$runc" && cat > "$runc" <<'END' && chmod 0755 "$runc"
#!/bin/sh
[ "$1" = --version ] && { echo 'runc version 1.1.5'; exit; }
exec /var/tmp/runc-of-before "$@"
END`,
    also: [{ control: 'node/program-digests', why: 'It is not the program that was installed.' }],
  },
  {
    control: 'runtime/endpoint',
    what: 'a kubelet that speaks to another socket',
    on: 'worker',
    touches: 'kubelet',
    script: `ln -sf /run/containerd/containerd.sock /run/other.sock && sed -i '/^containerRuntimeEndpoint:/d' /var/lib/kubelet/config.yaml \
      && echo 'containerRuntimeEndpoint: unix:///run/other.sock' >> /var/lib/kubelet/config.yaml && systemctl restart kubelet`,
  },
];
