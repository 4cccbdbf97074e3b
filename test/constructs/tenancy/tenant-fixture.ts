import { App, Chart } from 'cdk8s';
import { InteractiveAccess, TeamRole } from '../../../constructs/tenancy/team-role';
import { Tenant, type TenantProps } from '../../../constructs/tenancy/tenant';
import type { KubernetesObject } from '../platform-server';

/** One group of each role, and one with every way into pods. */
export const shop: TenantProps = {
  name: 'shop',
  minor: '1.36',
  namespaces: [{ name: 'shop' }, { name: 'shop-test', quota: { pods: 5 } }],
  groups: [
    { group: 'oidc:shop-viewers', role: TeamRole.VIEWER },
    { group: 'oidc:shop-developers', role: TeamRole.DEVELOPER },
    { group: 'oidc:shop-operators', role: TeamRole.OPERATOR },
    {
      group: 'oidc:shop-on-call',
      role: TeamRole.VIEWER,
      interactive: Object.values(InteractiveAccess),
      namespaces: ['shop'],
    },
  ],
  registries: ['registry.example/shop'],
  storageClasses: ['fast'],
  priorityClasses: ['business'],
};

export const bank: TenantProps = {
  name: 'bank',
  minor: '1.36',
  namespaces: [{ name: 'bank' }],
  groups: [{ group: 'oidc:bank-developers', role: TeamRole.DEVELOPER }],
  registries: ['registry.example/bank'],
};

/** The objects of some tenants. */
export function objectsOfTenants(...tenants: readonly TenantProps[]): KubernetesObject[] {
  const chart = new Chart(new App(), 'tenants');
  for (const props of tenants) new Tenant(chart, props.name, props);
  return chart.toJson();
}
