import type { Release } from '../../../lib/release';
import type { Recipe } from '../recipe';
import { busyboxRecipes } from './busybox';
import { ciliumRecipes } from './cilium';
import { corednsRecipes } from './coredns';
import { etcdRecipes } from './etcd';
import { kubernetesRecipes } from './kubernetes';
import { metricsServerRecipes } from './metrics-server';
import { redisRecipes } from './redis';
import { runtimeRecipes } from './runtime';

/** Everything that a release needs, in build order: what shares most packages comes first. */
export function recipesOf(release: Release): Recipe[] {
  return [
    ...kubernetesRecipes(release),
    ...etcdRecipes(release),
    ...runtimeRecipes(release),
    ...corednsRecipes(release),
    ...ciliumRecipes(release),
    ...metricsServerRecipes(release),
    ...busyboxRecipes(),
    ...redisRecipes(),
  ];
}
