/** A file that the lab adds to the Debian root. */
export interface RootFile {
  readonly path: string;
  /** Octal, as chmod takes it. */
  readonly mode: string;
  readonly content: string;
}

/** What a machine is made of. A change of anything here makes a new image. */
export interface NodeRoot {
  /** The Debian release. */
  readonly suite: string;
  readonly packages: readonly string[];
  readonly files: readonly RootFile[];
  /** Run by `sh` with the root's path as `$1` once packages and files are there. */
  readonly finish: string;
}

/** The account that Ansible logs in with: not root, so that becoming root is proven too. */
export const labUser = 'ops';

/** Where sshd looks for the account's key: owned by root, so that the account cannot add another. */
export const authorizedKeysFile = `/etc/ssh/authorized_keys.d/${labUser}`;

/** Made by the machine itself at its first start, so that no two machines share it. */
export const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key';

/** The first program of a machine: it takes back what a privileged container shares too freely, then starts systemd. */
const labInit = `#!/bin/sh
set -eu

# The kubelet and Cilium mount below shared folders; systemd leaves that to the container's manager.
mount --make-rshared /

# On cgroup v1 Podman lays the host's whole systemd hierarchy over the machine's own part of it. All machines would then
# keep units of the same names in the same cgroups, and outside of their own.
if mountpoint -q /sys/fs/cgroup/systemd/release_agent; then
  umount /sys/fs/cgroup/systemd/release_agent
  umount /sys/fs/cgroup/systemd
fi

# The host's disks are none of a machine's business.
find /dev -xdev -type b -delete

# Each mount of this type is a file system of its own: Cilium's maps of two machines never meet.
mount -t bpf -o nosuid,nodev,noexec,mode=700 bpf /sys/fs/bpf

# A boot is a boot: the kubelet and whoever waits for a reboot compare this id, which is otherwise the host's.
cat /proc/sys/kernel/random/uuid > /run/boot_id
mount --bind -o ro /run/boot_id /proc/sys/kernel/random/boot_id

# The id comes last, so that a first start that was cut short is done again.
if [ ! -s /etc/machine-id ]; then
  address=$(ip -4 -oneline address show dev eth0 | awk '{ sub("/.*", "", $4); print $4 }')
  printf '127.0.0.1 localhost\\n%s %s\\n' "$address" "$(hostname)" > /etc/hosts
  rm -f ${hostKeyFile}
  ssh-keygen -q -t ed25519 -N '' -C "$(hostname)" -f ${hostKeyFile}
  tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id
fi

exec /sbin/init
`;

const sshd = `HostKey ${hostKeyFile}
AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers ${labUser}
`;

/**
 * Units that would act on this computer's disks, devices, crash dumps or table of foreign binaries (which it empties
 * when it stops), or install packages behind Ansible's back.
 */
const masked = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'proc-sys-fs-binfmt_misc.automount',
  'systemd-binfmt.service',
  'systemd-firstboot.service',
  'systemd-pstore.service',
  'systemd-udevd.service',
];

// An empty machine-id (rather than none) keeps systemd from treating the first start as an installation, which would
// enable every unit. Host keys that the package made would be the same on each machine.
const finish = `set -eu
rm -f "$1"/etc/ssh/ssh_host_*
: > "$1/etc/machine-id"
install -d -m 0755 "$1/etc/ssh/authorized_keys.d"
chroot "$1" useradd --create-home --shell /bin/bash ${labUser}
chroot "$1" systemctl mask --quiet ${masked.join(' ')}
`;

/** What the lab's machines are made of. Node software is not part of it: installing that is what the lab is for. */
export const nodeRoot: NodeRoot = {
  suite: 'bookworm',
  packages: [
    'ca-certificates',
    'conntrack',
    'curl',
    'dbus',
    'ethtool',
    'iproute2',
    'iptables',
    'kmod',
    'libseccomp2',
    'mount',
    'nftables',
    'openssh-server',
    'openssl',
    'procps',
    'python3',
    'python3-cryptography',
    'socat',
    'sudo',
    'systemd',
    'systemd-sysv',
    'util-linux',
  ],
  files: [
    { path: '/usr/local/sbin/lab-init', mode: '0755', content: labInit },
    { path: '/etc/ssh/sshd_config.d/10-lab.conf', mode: '0600', content: sshd },
    { path: `/etc/sudoers.d/${labUser}`, mode: '0440', content: `${labUser} ALL=(ALL:ALL) NOPASSWD: ALL\n` },
  ],
  finish,
};
