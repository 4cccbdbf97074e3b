import {
  ComponentResource,
  type ComponentResourceOptions,
  CustomResource,
  type CustomResourceOptions,
  type Input,
  type Resource,
} from '@pulumi/pulumi';
import type { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** What is applied, and where to. */
export interface PlatformManifestsArgs {
  /** A cdk8s app, or one of its charts. */
  readonly app: App | Chart;
  readonly kubeconfig: Input<string>;
  /** Name that the cluster keeps, so that a renewed kubeconfig replaces no object. */
  readonly clusterIdentifier: Input<string>;
}

/** One Kubernetes object, by the type token of the Kubernetes provider. */
class KubernetesObject extends CustomResource {
  constructor(type: string, name: string, manifest: Readonly<Record<string, unknown>>, options: CustomResourceOptions) {
    super(type, name, { ...manifest }, options);
  }
}

/** Loaded when it is needed: whoever only makes clusters need not have it, and does not wait for it. */
function kubernetesPackage(): typeof import('@pulumi/kubernetes') {
  try {
    return require('@pulumi/kubernetes');
  } catch (cause) {
    throw new Error('PlatformManifests needs the package @pulumi/kubernetes: npm install @pulumi/kubernetes', {
      cause,
    });
  }
}

/** `kubernetes:apps/v1:Deployment`; objects of the core group are `kubernetes:core/v1:Pod`. */
function typeToken({ apiVersion, kind }: ApiObject): string {
  return `kubernetes:${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/**
 * What a cdk8s app synthesizes, as ordinary Pulumi resources: one for each object, named by its construct's path, in
 * the order of the app's dependencies. New objects are created; what changes in them later is applied by the server.
 */
export class PlatformManifests extends ComponentResource {
  constructor(name: string, args: PlatformManifestsArgs, options: ComponentResourceOptions = {}) {
    super('bulwark:index:PlatformManifests', name, {}, options);
    const { app, kubeconfig, clusterIdentifier } = args;
    const { Provider } = kubernetesPackage();
    // Whoever gives an app has loaded cdk8s already; whoever only makes clusters does not wait for it.
    const { ApiObject, DependencyGraph } = require('cdk8s') as typeof import('cdk8s');
    const provider = new Provider(
      name,
      { kubeconfig, clusterIdentifier, enableServerSideApply: true },
      { parent: this },
    );
    const made = new Map<IConstruct, Resource>();
    for (const construct of new DependencyGraph(app.node).topology()) {
      if (!ApiObject.isApiObject(construct)) continue;
      const dependsOn = construct.node.dependencies.flatMap((dependency) => {
        const resource = made.get(dependency);
        return resource ? [resource] : [];
      });
      const manifest = construct.toJson() as Readonly<Record<string, unknown>>;
      const resource = new KubernetesObject(typeToken(construct), construct.node.path, manifest, {
        parent: this,
        provider,
        dependsOn,
      });
      made.set(construct, resource);
    }
    this.registerOutputs({});
  }
}
