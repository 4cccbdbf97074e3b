import type { Rule } from '../finding';
import { access } from './access';
import { boards } from './boards';
import { cni } from './cni';
import { controlPlanes } from './control-planes';
import { endpoint } from './endpoint';
import { forbiddenArguments } from './forbidden-arguments';
import { gateway } from './gateway';
import { metricsServer } from './metrics-server';
import { namespaces } from './namespaces';
import { networks } from './networks';
import { oidc } from './oidc';
import { pem } from './pem';
import { tenants } from './tenants';
import { uniqueness } from './uniqueness';
import { version } from './version';
import { waivers } from './waivers';

/** Every rule that holds across fields. */
export const rules: readonly Rule[] = [
  version,
  uniqueness,
  controlPlanes,
  endpoint,
  networks,
  access,
  oidc,
  pem,
  boards,
  cni,
  gateway,
  metricsServer,
  namespaces,
  tenants,
  waivers,
  forbiddenArguments,
];
