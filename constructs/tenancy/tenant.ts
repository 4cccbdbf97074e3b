import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { HardeningError, type Issue } from '../../lib/errors';
import { FlowSchema, PriorityLevel } from '../api-objects/flow-control';
import { HardenedNamespace, type NamespaceWaiver, type PodSecurityLevel } from '../namespaces/hardened-namespace';
import { NamespaceDefaultDeny } from '../network/namespace-default-deny';
import { type InteractiveAccess, rulesOf, type TeamRole } from './team-role';
import { TenantBoundary } from './tenant-boundary';
import { TenantLimits, type TenantQuota } from './tenant-limits';

export interface TenantNamespace {
  readonly name: string;
  /** What pods may do here. @default PodSecurityLevel.RESTRICTED */
  readonly level?: PodSecurityLevel;
  /** Needed below `restricted`. @default none */
  readonly waiver?: NamespaceWaiver;
  /** @default the tenant's */
  readonly quota?: TenantQuota;
}

/** A group of people, as the identity provider names it. */
export interface TenantGroup {
  /** With the prefix that the spec gives the issuer's groups, for example `oidc:shop-developers`. */
  readonly group: string;
  readonly role: TeamRole;
  /** Ways into running pods. @default none */
  readonly interactive?: readonly InteractiveAccess[];
  /** Namespaces of the tenant that the group works in. @default all */
  readonly namespaces?: readonly string[];
}

export interface TenantProps {
  /** A DNS label; it names what the tenant has cluster-wide. */
  readonly name: string;
  /** Kubernetes minor whose Pod Security rules are enforced, for example `1.36`. */
  readonly minor: string;
  readonly namespaces: readonly TenantNamespace[];
  readonly groups: readonly TenantGroup[];
  /** Registries, or repositories in them, that images may come from, for example `registry.example/shop`. */
  readonly registries: readonly string[];
  /** Storage classes that claims may name. @default none: no volumes */
  readonly storageClasses?: readonly string[];
  /** Priority classes that pods may have. @default none: pods without a class */
  readonly priorityClasses?: readonly string[];
  /** Of each namespace. @default what `TenantQuota` says */
  readonly quota?: TenantQuota;
  /** Share of the API server's concurrency, where Kubernetes' own levels have 5 to 40 each. @default 10 */
  readonly apiShares?: number;
}

/** Label of every namespace that belongs to a tenant; its value is the tenant's name. */
export const tenantLabel = 'bulwark.dev/tenant';

/** After the levels of the control plane (900 and less) and before those of everybody else (9000 and more). */
const precedence = 1000;

/**
 * A team of its own on a shared cluster: namespaces that it cannot leave, what it may use of the cluster, who of it may
 * do what, and a share of the API server that nobody else can eat up.
 *
 * @throws HardeningError of kind `spec` with everything that is wrong with the props
 */
export class Tenant extends Construct {
  constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    refuseFaults(props);
    const names = props.namespaces.map(({ name }) => name);
    for (const { name, level, waiver, quota } of props.namespaces) {
      const parts = new Construct(this, name);
      const namespace = new HardenedNamespace(parts, 'namespace', { name, minor: props.minor, level, waiver });
      namespace.metadata.addLabel(tenantLabel, props.name);
      new TenantLimits(parts, 'limits', {
        namespace: name,
        quota: { ...props.quota, ...quota },
        priorityClasses: props.priorityClasses ?? [],
      });
      new NamespaceDefaultDeny(parts, 'default-deny', { namespace: name });
    }
    for (const [index, group] of props.groups.entries()) grant(this, index, group, group.namespaces ?? names);
    new TenantBoundary(this, 'boundary', {
      tenant: props.name,
      namespaces: names,
      registries: props.registries,
      storageClasses: props.storageClasses ?? [],
    });
    const level = `bulwark-tenant-${props.name}`;
    new PriorityLevel(this, 'priority-level', { name: level, shares: props.apiShares ?? 10, queueLength: 50 });
    new FlowSchema(this, 'flow-schema', {
      name: level,
      priorityLevel: level,
      precedence,
      groups: [
        ...new Set(props.groups.map(({ group }) => group)),
        ...names.map((name) => `system:serviceaccounts:${name}`),
      ],
    });
  }
}

/** A Role and its RoleBinding in each namespace; cluster-wide a tenant has no rights. */
function grant(tenant: Tenant, index: number, group: TenantGroup, namespaces: readonly string[]): void {
  const { role, interactive = [] } = group;
  const name = ['bulwark', role, ...[...interactive].sort(), index].join(':');
  for (const namespace of namespaces) {
    const metadata = { name, namespace };
    const parts = new Construct(tenant, `group-${index}-${namespace}`);
    new k8s.KubeRole(parts, 'role', { metadata, rules: rulesOf(role, interactive) });
    new k8s.KubeRoleBinding(parts, 'binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group.group }],
    });
  }
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const registry = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/;

function refuseFaults(props: TenantProps): void {
  const issues: Issue[] = [];
  const report = (path: string, message: string, got: string, fix: string): void => {
    issues.push({ code: 'TENANT_PROPS', path, message, got, fix });
  };
  const names = props.namespaces.map(({ name }) => name);
  if (!dnsLabel.test(props.name)) report('name', 'this is no DNS label', props.name, 'use a-z, 0-9 and -');
  if (names.length === 0) report('namespaces', 'a tenant without namespaces', 'none', 'give it one');
  for (const [index, { name, level, waiver }] of props.namespaces.entries()) {
    if (!dnsLabel.test(name)) report(`namespaces[${index}].name`, 'this is no DNS label', name, 'use a-z, 0-9 and -');
    if (/^(kube-.*|default)$/.test(name)) {
      report(`namespaces[${index}].name`, 'this namespace is the cluster’s own', name, 'give the tenant its own');
    }
    if (level !== undefined && level !== 'restricted' && !waiver) {
      report(`namespaces[${index}].level`, 'a level below restricted needs a waiver', level, 'set waiver');
    }
  }
  for (const [index, { group, namespaces }] of props.groups.entries()) {
    if (group === '' || group.startsWith('system:') || group.startsWith('kubeadm:')) {
      report(`groups[${index}].group`, 'this is no group of people', group, 'name one with the OIDC prefix');
    }
    for (const name of (namespaces ?? []).filter((each) => !names.includes(each))) {
      report(`groups[${index}].namespaces`, 'this namespace is not the tenant’s', name, `use ${names.join(', ')}`);
    }
  }
  for (const [index, each] of props.registries.entries()) {
    if (!registry.test(each)) {
      report(
        `registries[${index}]`,
        'this is no registry',
        each,
        'write host[:port][/path], without https:// or a tag',
      );
    }
  }
  if (props.registries.length === 0) report('registries', 'no image could run', 'none', 'name a registry');
  const classes = [...(props.storageClasses ?? []), ...(props.priorityClasses ?? [])];
  for (const each of classes.filter((name) => !/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(name))) {
    report('storageClasses, priorityClasses', 'this is no class name', each, 'use a-z, 0-9, - and .');
  }
  if (issues.length > 0) throw new HardeningError('spec', issues);
}
