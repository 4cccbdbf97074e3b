// biome-ignore lint/suspicious/noExplicitAny: a pod that may hold anything
type Fields = Record<string, any>;

/** Pods that mix, at random and repeatably, everything that a check of the Pod Security Standards looks at. */
export class RandomPods {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(index: number): Fields {
    const windows = this.chance(0.05);
    const hostProcess = windows ? this.pick([undefined, false, true]) : undefined;
    const names = ['main', 'side'].slice(0, this.pick([1, 1, 2]));
    const inits = this.chance(0.3) ? ['init'] : [];
    const hostUsers = this.pick([undefined, undefined, true, false]);
    const spec: Fields = {
      os: windows ? { name: 'windows' } : this.pick([undefined, { name: 'linux' }]),
      // The API server allows neither of these together with users of the pod's own.
      // A process of a Windows node is on its network.
      hostNetwork: hostProcess || (hostUsers === false || windows ? undefined : this.rarely(true)),
      hostPID: hostUsers === false || windows ? undefined : this.rarely(true),
      hostIPC: hostUsers === false || windows ? undefined : this.rarely(true),
      hostUsers: windows ? undefined : hostUsers,
      securityContext: {
        ...this.pick([undefined, {}, this.podContext(windows), this.podContext(windows)]),
        windowsOptions: windows ? { hostProcess, runAsUserName: this.pick([undefined, 'ContainerUser']) } : undefined,
      },
      initContainers: inits.map((name) => this.container(name, windows, hostUsers)),
      containers: names.map((name) => this.container(name, windows, hostUsers)),
      volumes: [0, 1].slice(0, this.pick([0, 1, 2])).map((each) => ({ name: `volume-${each}`, ...this.volume() })),
    };
    const annotations = windows ? {} : this.annotations([...inits, ...names]);
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${index}`, annotations }, spec };
  }

  private annotations(names: readonly string[]): Fields {
    const key = `container.apparmor.security.beta.kubernetes.io/${this.pick(names)}`;
    return this.chance(0.1) ? { [key]: this.pick(['unconfined', 'runtime/default']) } : {};
  }

  private podContext(windows: boolean): Fields {
    if (windows) return { runAsNonRoot: this.pick([undefined, true, false]) };
    return {
      ...this.shared(),
      sysctls: this.pick([undefined, undefined, [{ name: this.pick(sysctls), value: '1' }]]),
    };
  }

  private container(name: string, windows: boolean, hostUsers: boolean | undefined): Fields {
    return {
      name,
      image: 'registry.example/app:1',
      securityContext: this.pick([undefined, {}, ...Array(4).fill(this.containerContext(windows, hostUsers))]),
      ports: this.chance(0.2) ? [{ containerPort: 8080, hostPort: this.rarely(8080) }] : undefined,
      ...(name === 'init' ? {} : this.handlers()),
    };
  }

  private containerContext(windows: boolean, hostUsers: boolean | undefined): Fields {
    if (windows) return { runAsNonRoot: this.pick([undefined, true, false]) };
    const privileged = this.pick([undefined, undefined, undefined, false, true]);
    return {
      ...this.shared(),
      privileged,
      allowPrivilegeEscalation: privileged ? undefined : this.pick([undefined, false, false, false, true]),
      capabilities: this.pick([
        undefined,
        { drop: ['ALL'] },
        { drop: ['ALL'] },
        { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        { drop: ['ALL'], add: ['CHOWN', 'NET_ADMIN'] },
        { drop: ['NET_RAW'] },
        { add: ['SETUID'] },
      ]),
      procMount: this.pick([undefined, undefined, 'Default', hostUsers === false ? 'Unmasked' : undefined]),
    };
  }

  /** What pods and containers have alike. */
  private shared(): Fields {
    return {
      runAsNonRoot: this.pick([undefined, true, true, true, false]),
      runAsUser: this.pick([undefined, undefined, 1000, 1000, 0]),
      seccompProfile: this.pick([
        undefined,
        { type: 'RuntimeDefault' },
        { type: 'RuntimeDefault' },
        { type: 'Localhost', localhostProfile: 'profile.json' },
        { type: 'Unconfined' },
      ]),
      appArmorProfile: this.pick([
        ...Array(8).fill(undefined),
        { type: 'RuntimeDefault' },
        { type: 'Localhost', localhostProfile: 'profile' },
        { type: 'Unconfined' },
      ]),
      seLinuxOptions: this.pick([
        ...Array(8).fill(undefined),
        { type: 'container_t', level: 's0' },
        { type: 'container_engine_t' },
        { type: 'spc_t', role: 'r' },
        { user: 'u' },
      ]),
    };
  }

  private handlers(): Fields {
    const handler = () =>
      this.pick([
        { httpGet: { port: 80, host: this.rarely('192.0.2.1') } },
        { tcpSocket: { port: 80, host: this.rarely('192.0.2.2') } },
        { exec: { command: ['true'] } },
      ]);
    return {
      livenessProbe: this.chance(0.15) ? handler() : undefined,
      readinessProbe: this.chance(0.15) ? handler() : undefined,
      startupProbe: this.chance(0.15) ? handler() : undefined,
      lifecycle: this.chance(0.15) ? { [this.pick(['preStop', 'postStart'])]: handler() } : undefined,
    };
  }

  private volume(): Fields {
    return this.pick<Fields>([
      {},
      { emptyDir: {} },
      { configMap: { name: 'settings' } },
      { secret: { secretName: 'settings' } },
      { persistentVolumeClaim: { claimName: 'data' } },
      { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      { csi: { driver: 'driver.example' } },
      { image: { reference: 'registry.example/data:1' } },
      { hostPath: { path: '/var' } },
      { nfs: { server: 'nfs.example', path: '/data' } },
      { gitRepo: { repository: 'https://git.example/data' } },
      { iscsi: { targetPortal: '192.0.2.3', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } },
    ]);
  }

  private pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }

  private rarely<T>(value: T): T | undefined {
    return this.chance(0.12) ? value : undefined;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  /** Between 0 and 1 (mulberry32). */
  private random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  }
}

const sysctls = ['kernel.shm_rmid_forced', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_fin_timeout', 'net.core.somaxconn'];
