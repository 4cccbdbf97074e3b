import { paths } from '../paths';
import { type Generator, type NodeFile, originsOf } from '../plan/planning';
import { comment } from '../render/comment';

const units = '/etc/systemd/system';

const kubeletUnit = `[Unit]
Description=kubelet: the Kubernetes node agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target containerd.service
# Until kubeadm has written it, there is nothing to run.
ConditionPathExists=/var/lib/kubelet/config.yaml

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

const kubeadmDropIn = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# Written by kubeadm at init, join and upgrade.
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS
`;

const containerdUnit = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target

[Service]
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
# Containers outlive a restart of containerd.
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

/** The units of the kubelet and of containerd; neither comes from a Debian package. */
export const unitFiles: Generator = (): readonly NodeFile[] =>
  [
    { path: `${units}/kubelet.service`, text: kubeletUnit, unit: 'kubelet.service' },
    { path: `${paths.kubeletDropIns}/10-kubeadm.conf`, text: kubeadmDropIn, unit: 'kubelet.service' },
    { path: `${units}/containerd.service`, text: containerdUnit, unit: 'containerd.service' },
  ].map(({ path, text, unit }) => ({
    path,
    content: comment(['base']) + text,
    mode: '0600',
    restarts: [unit],
    origins: ['base'],
  }));

/** Options that controls or the spec add to those units. */
export const unitDropIns: Generator = ({ settings }): readonly NodeFile[] =>
  (['containerd.service', 'kubelet.service'] as const).flatMap((unit): readonly NodeFile[] => {
    const options = settings.of('unit-option').filter(({ setting }) => setting.unit === unit);
    if (options.length === 0) return [];
    const origins = originsOf(options);
    const lines = options.map(({ setting: { name, value } }) => `${name}=${value}\n`);
    return [
      {
        path: `${units}/${unit}.d/20-bulwark.conf`,
        content: `${comment(origins)}[Service]\n${lines.join('')}`,
        mode: '0600',
        restarts: [unit],
        origins,
      },
    ];
  });
