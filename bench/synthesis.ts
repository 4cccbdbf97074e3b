import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ApiObject, type ApiObjectProps, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, k8s, Probe } from 'cdk8s-plus-27';
import { enforceHardening, HardenedDeployment } from '../constructs';
import { median } from './median';

const image = `registry.example/app@sha256:${'0'.repeat(64)}`;

/** How workloads are divided into charts. */
export interface Layout {
  readonly workloads: number;
  readonly charts: number;
}

/** Seconds of processor time, which other work on the computer lengthens least, to make and synthesize the same objects. */
export interface SynthesisTimes extends Layout {
  /** `HardenedDeployment`s in an app that judges all its objects. */
  readonly hardened: number;
  /** `Deployment`s of cdk8s-plus with every field set by hand. */
  readonly byHand: number;
  /** ApiObjects that hold the finished manifests: nothing is left to be worked out. */
  readonly copied: number;
}

/**
 * Synthesizes the same objects in three ways, by turns.
 *
 * @param rounds how often; the figures are medians
 * @throws Error if the objects are not the same, for then they cannot be compared
 */
export function synthesisTimes(layout: Layout, rounds: number): SynthesisTimes {
  const finished = appOf(layout, hardened).charts.map((chart) => chart.toJson() as ApiObjectProps[]);
  const copied: Fill = (chart, index) => {
    for (const [member, object] of (finished[index] ?? []).entries()) new ApiObject(chart, `object-${member}`, object);
  };
  for (const fill of [byHand, copied]) {
    const objects = appOf(layout, fill).charts.map((chart) => chart.toJson());
    if (!isDeepStrictEqual(objects, finished)) throw new Error('these are not the same objects');
  }
  const ways = {
    hardened: () => {
      const app = appOf(layout, hardened);
      enforceHardening(app);
      return app;
    },
    byHand: () => appOf(layout, byHand),
    copied: () => appOf(layout, copied),
  };
  const times = Array.from({ length: rounds }, () => ({
    hardened: secondsOf(ways.hardened),
    byHand: secondsOf(ways.byHand),
    copied: secondsOf(ways.copied),
  }));
  const middle = (way: keyof typeof ways) => median(times.map((time) => time[way]));
  return { ...layout, hardened: middle('hardened'), byHand: middle('byHand'), copied: middle('copied') };
}

type Fill = (chart: Chart, index: number, workloads: number) => void;

function appOf({ workloads, charts }: Layout, fill: Fill): App {
  const app = new App();
  for (let index = 0; index < charts; index += 1) {
    fill(new Chart(app, `chart-${index}`, { namespace: 'shop' }), index, workloads / charts);
  }
  return app;
}

/** Makes and synthesizes an app. */
function secondsOf(make: () => App): number {
  const outdir = mkdtempSync(join(tmpdir(), 'bulwark-bench-'));
  try {
    const start = process.cpuUsage();
    Object.assign(make(), { outdir }).synth();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const hardened: Fill = (chart, _, workloads) => {
  for (let index = 0; index < workloads; index += 1) {
    new HardenedDeployment(chart, `web-${index}`, { containers: [{ image, portNumber: 8080 }] });
  }
};

/** What a team writes that wants the same without Bulwark. */
const byHand: Fill = (chart, _, workloads) => {
  for (let index = 0; index < workloads; index += 1) {
    const web = new Deployment(chart, `web-${index}`, {
      isolate: true,
      automountServiceAccountToken: false,
      securityContext: { ensureNonRoot: true, user: 25000, group: 26000, fsGroup: 26000 },
      containers: [
        {
          image,
          portNumber: 8080,
          resources: {
            cpu: { request: Cpu.millis(50), limit: Cpu.millis(500) },
            memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) },
          },
          readiness: Probe.fromTcpSocket({
            port: 8080,
            failureThreshold: 2,
            periodSeconds: Duration.seconds(5),
            timeoutSeconds: Duration.seconds(2),
          }),
        },
      ],
    });
    web.metadata.addLabel('app.kubernetes.io/instance', web.name);
    const selector = { matchLabels: web.matchLabels };
    const topologyKey = 'kubernetes.io/hostname';
    const pod = '/spec/template/spec';
    ApiObject.of(web).addJsonPatch(
      JsonPatch.add(`${pod}/hostUsers`, false),
      JsonPatch.add(`${pod}/enableServiceLinks`, false),
      JsonPatch.add(`${pod}/containers/0/resources/requests/ephemeral-storage`, k8s.Quantity.fromString('64Mi')),
      JsonPatch.add(`${pod}/containers/0/resources/limits/ephemeral-storage`, k8s.Quantity.fromString('256Mi')),
      JsonPatch.add(`${pod}/securityContext/seccompProfile`, { type: 'RuntimeDefault' }),
      JsonPatch.add(`${pod}/containers/0/resources/requests/ephemeral-storage`, k8s.Quantity.fromString('64Mi')),
      JsonPatch.add(`${pod}/containers/0/resources/limits/ephemeral-storage`, k8s.Quantity.fromString('256Mi')),
      JsonPatch.add(`${pod}/containers/0/securityContext/capabilities`, { drop: ['ALL'] }),
      JsonPatch.add(`${pod}/affinity`, {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 100, podAffinityTerm: { topologyKey, labelSelector: selector } },
          ],
        },
      }),
      JsonPatch.add(`${pod}/topologySpreadConstraints`, [
        { maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector },
      ]),
    );
    new k8s.KubePodDisruptionBudget(web, 'DisruptionBudget', {
      metadata: { namespace: chart.namespace },
      spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
  }
};
