import { Construct } from 'constructs';
import { type NamedExpression, ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface ClientCertificatesProps {
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

const signer = 'kubernetes.io/kube-apiserver-client';
const isForClients: NamedExpression = {
  name: 'client-certificate',
  expression: `object.spec.signerName == '${signer}'`,
};
const resourcesOf = (...resources: readonly string[]) => [
  { apiGroups: ['certificates.k8s.io'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'] as const, resources },
];

/**
 * Nobody gets a client certificate by asking for it: neither the request nor its approval is admitted, whoever sends it.
 * Certificates of kubelets have signers of their own and go on.
 */
export class NoClientCertificates extends Construct {
  constructor(scope: Construct, id: string, props: ClientCertificatesProps) {
    super(scope, id);
    new ValidatingAdmissionPolicy(this, 'policy', {
      name: 'bulwark-client-certificates',
      resources: resourcesOf('certificatesigningrequests', 'certificatesigningrequests/approval'),
      matchConditions: [isForClients],
      validations: [
        {
          // Denying a request must stay possible.
          expression:
            "request.?subResource.orValue('') == 'approval' && !object.?status.?conditions.orValue([]).exists(c, c.type == 'Approved')",
          messageExpression: `'${props.control}: nobody gets a client certificate on request, for it cannot be revoked. Log in through the identity provider.'`,
        },
      ],
    });
  }
}

/**
 * What holds where client certificates are allowed: they name one user, who is not of the system, no group, and live for
 * a day at most. A right is then taken away by deleting the binding that gives it.
 *
 * The request is a PEM text in base64 with DER in base64 inside, and CEL decodes neither: both layers are unfolded into
 * a text of bits, in which the attributes of the subject are found by their object identifiers.
 */
export class ClientCertificateLimits extends Construct {
  constructor(scope: Construct, id: string, props: ClientCertificatesProps) {
    super(scope, id);
    const remedy = `${props.control}: a client certificate names one user (CN), no group (O) and none of the names of the system, and expirationSeconds is 86400 or less. `;
    const rule = (expression: string, got: string) => ({ expression, messageExpression: `'${remedy}Here ${got}.'` });
    new ValidatingAdmissionPolicy(this, 'policy', {
      name: 'bulwark-client-certificate-limits',
      resources: resourcesOf('certificatesigningrequests'),
      matchConditions: [isForClients],
      variables: [
        { name: 'body', expression: `object.spec.request.substring(size('${pemBegin}'))` },
        { name: 'sextets', expression: celMap(base64, (letter) => letter) },
        { name: 'letters', expression: celMap(base64, (letter) => bitsOf(Buffer.from(letter))) },
        // Four letters of the outer layer are three of the inner; line ends are none.
        {
          name: 'bits',
          expression: `variables.body.findAll('[A-Za-z0-9+/]{4}')
  .map(g, g.split('').map(c, variables.sextets[c]).join(''))
  .map(b, [b.substring(0, 8), b.substring(8, 16), b.substring(16, 24)].map(l, variables.letters[?l].orValue('')).join(''))
  .join('')`,
        },
      ],
      validations: [
        rule('object.spec.?expirationSeconds.orValue(2147483647) <= 86400', 'it would live longer'),
        rule(`object.spec.request.startsWith('${pemBegin}')`, 'the request is no plain PEM text'),
        rule(`!variables.bits.matches('^${octet}*${organization}')`, 'it names a group'),
        rule(
          `variables.bits.split('${commonName}').size() == 2 && variables.bits.matches('^${octet}*${commonName}${plainText}')`,
          'it does not name one user in plain text',
        ),
        rule(
          `!variables.bits.matches('${commonName}${plainText}(${reserved.map((name) => bitsOf(Buffer.from(name))).join('|')})')`,
          'it names a user of the system',
        ),
      ],
    });
  }
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** First line of every request; its 36 letters end where a group of the outer base64 ends. */
const pemBegin = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\n').toString('base64');

const bitsOf = (octets: Uint8Array): string => [...octets].map((each) => each.toString(2).padStart(8, '0')).join('');

const octet = '([01]{8})';
/** Object identifiers 2.5.4.10 and 2.5.4.3 in DER. */
const organization = bitsOf(Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x0a));
const commonName = bitsOf(Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x03));
/** UTF8String or PrintableString of fewer than 128 octets: other strings spell the same name in other bits. */
const plainText = `(${bitsOf(Uint8Array.of(0x0c))}|${bitsOf(Uint8Array.of(0x13))})0[01]{7}`;

/** What names of users of Kubernetes, kubeadm and ours begin with. */
const reserved = ['system:', 'kubeadm:', 'kubernetes-', 'bulwark:'];

/** A CEL map from each letter of base64, in some spelling, to its six bits. */
function celMap(alphabet: string, spell: (letter: string) => string): string {
  const entries = [...alphabet].map((letter, value) => `'${spell(letter)}': '${value.toString(2).padStart(6, '0')}'`);
  return `{${entries.join(', ')}}`;
}
