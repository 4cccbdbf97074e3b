import type { Mutation } from './mutation';
import { edit, runsWith, until } from './scripts';

const config = '/var/lib/kubelet/config.yaml';
const flags = '/var/lib/kubelet/kubeadm-flags.env';
const restart = `systemctl restart kubelet && ${until('[ "$(systemctl is-active kubelet)" = active ]')}`;

/** Writes one top-level scalar of a kubelet's configuration. */
const field = (on: 'control-plane' | 'worker', control: string, name: string, value: string): Mutation => ({
  control,
  what: `kubelet ${name}: ${value}`,
  on,
  touches: 'kubelet',
  script: `sed -i '/^${name}:/d' ${config} && echo '${name}: ${value}' >> ${config} && ${restart}`,
});

/** Configuration, arguments and units of kubelets. */
export const kubelets: readonly Mutation[] = [
  field('worker', 'kubelet/pod-pids-limit', 'podPidsLimit', '-1'),
  field('worker', 'kubelet/event-record-qps', 'eventRecordQPS', '0'),
  field('worker', 'kubelet/seccomp-default', 'seccompDefault', 'false'),
  field('worker', 'kubelet/read-only-port', 'readOnlyPort', '10255'),
  field('worker', 'kubelet/static-pods', 'staticPodPath', '/etc/kubernetes/manifests'),
  field('control-plane', 'kubelet/profiling-handlers', 'enableProfilingHandler', 'true'),
  field('control-plane', 'kubelet/system-logs', 'enableSystemLogHandler', 'true'),
  field('control-plane', 'kubelet/protect-kernel-defaults', 'protectKernelDefaults', 'false'),
  field('control-plane', 'kubelet/health-endpoint', 'healthzBindAddress', '0.0.0.0'),
  field('control-plane', 'kubelet/tls', 'tlsMinVersion', 'VersionTLS10'),
  field('control-plane', 'runtime/log-limits', 'containerLogMaxFiles', '50'),
  {
    control: 'kubelet/anonymous-auth',
    what: 'kubelet authentication.anonymous.enabled: true',
    on: 'worker',
    touches: 'kubelet',
    script: `${edit(config, '/anonymous:/{n;s/false/true/}')} && ${restart}`,
  },
  {
    control: 'kubelet/authorization',
    what: 'kubelet authorization.mode: AlwaysAllow',
    on: 'control-plane',
    touches: 'kubelet',
    script: `${edit(config, 's/mode: Webhook/mode: AlwaysAllow/')} && ${restart}`,
  },
  {
    control: 'kubelet/host-name',
    what: 'an argument in the file of flags that kubeadm wrote',
    on: 'worker',
    touches: 'kubelet',
    script: `. ${flags} && echo "KUBELET_KUBEADM_ARGS=\\"$KUBELET_KUBEADM_ARGS --hostname-override=$(hostname)\\"" > ${flags} \
      && ${restart} && ${until(runsWith('/usr/bin/kubelet', '--hostname-override'))}`,
  },
  {
    control: 'kubelet/static-pod-url',
    what: 'a drop-in of the unit that fetches static pods',
    // A kubelet that waits for an answer ends no static pod whose manifest changed: not where other batches change some.
    on: 'worker',
    touches: 'kubelet',
    script: `umask 077; printf '[Service]\\nEnvironment="KUBELET_CONFIG_ARGS=--config=${config} --manifest-url=http://127.0.0.1:9/pods"\\n' \
      > /etc/systemd/system/kubelet.service.d/30-local.conf && systemctl daemon-reload && ${restart} \
      && ${until(runsWith('/usr/bin/kubelet', '--manifest-url'))}`,
  },
];
