import { type Fields, fieldsOf, itemsOf } from '../../lib/fields';

/** Fields that the API server refuses about a pod for Windows; cdk8s-plus writes some of them always. */
const linuxOnly = {
  pod: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'],
  securityContext: [
    'allowPrivilegeEscalation',
    'appArmorProfile',
    'capabilities',
    'fsGroup',
    'fsGroupChangePolicy',
    'privileged',
    'procMount',
    'readOnlyRootFilesystem',
    'runAsGroup',
    'runAsUser',
    'seLinuxOptions',
    'seccompProfile',
    'supplementalGroups',
    'supplementalGroupsPolicy',
    'sysctls',
  ],
};

export function isForWindows(spec: Fields): boolean {
  return fieldsOf(spec.os).name === 'windows';
}

/**
 * The spec of a pod without what only Linux has. It runs as the user that every Windows image has and that is no
 * administrator, and on a Windows node.
 */
export function toWindows(spec: Fields): Fields {
  const context = without(fieldsOf(spec.securityContext), linuxOnly.securityContext);
  const container = (item: unknown): Fields => {
    const { securityContext, ...others } = fieldsOf(item);
    return { ...others, securityContext: without(fieldsOf(securityContext), linuxOnly.securityContext) };
  };
  return {
    ...without(spec, linuxOnly.pod),
    nodeSelector: { 'kubernetes.io/os': 'windows', ...fieldsOf(spec.nodeSelector) },
    securityContext: {
      ...context,
      windowsOptions: { runAsUserName: 'ContainerUser', ...fieldsOf(context.windowsOptions) },
    },
    containers: itemsOf(spec.containers).map(container),
    ...(spec.initContainers !== undefined && { initContainers: itemsOf(spec.initContainers).map(container) }),
  };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
