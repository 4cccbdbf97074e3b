import type { Mutation } from './mutation';

const pki = '/etc/kubernetes/pki';

interface Issued {
  readonly control: string;
  readonly what: string;
  /** Path of the certificate below the directory of all, without its ending. */
  readonly certificate: string;
  readonly subject: string;
  /** Path of the authority below that directory, without its ending. */
  readonly authority: string;
  readonly days: number;
  readonly extensions: string;
  readonly touches: string;
}

/** Puts another certificate for the same key in its place. */
const issued = (of: Issued): Mutation => ({
  control: of.control,
  what: of.what,
  on: 'control-plane',
  touches: of.touches,
  script: `umask 077; cd ${pki} && printf '%s\\n' '${of.extensions}' > /run/extensions \
    && openssl req -new -key ${of.certificate}.key -subj '${of.subject}' -out /run/request \
    && openssl x509 -req -in /run/request -CA ${of.authority}.crt -CAkey ${of.authority}.key -set_serial 4711 \
      -days ${of.days} -extfile /run/extensions -out ${of.certificate}.crt 2>/dev/null; rm -f /run/extensions /run/request`,
});

const client = 'extendedKeyUsage=clientAuth';
const server = (names: string) => `extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=${names}`;

/** Names of the machine, filled in by its shell. */
const own = 'DNS:localhost,IP:127.0.0.1,IP:::1';

/** Certificates that kubeadm makes. */
export const certificates: readonly Mutation[] = [
  issued({
    control: 'pki/certificate-lifetime',
    what: 'the certificate of the front proxy ends in ten days',
    certificate: 'front-proxy-client',
    subject: '/CN=front-proxy-client',
    authority: 'front-proxy-ca',
    days: 10,
    extensions: client,
    touches: 'front-proxy-client.crt',
  }),
  issued({
    control: 'kube-apiserver/front-proxy',
    what: 'the certificate of the front proxy comes from the authority of users',
    certificate: 'front-proxy-client',
    subject: '/CN=front-proxy-client',
    authority: 'ca',
    days: 300,
    extensions: client,
    touches: 'front-proxy-client.crt',
  }),
  issued({
    control: 'pki/etcd-names',
    what: 'the certificate of etcd names a strange host',
    certificate: 'etcd/server',
    subject: '/CN=etcd',
    authority: 'etcd/ca',
    days: 300,
    extensions: server(`${own},DNS:vault.example.org`),
    touches: 'etcd',
  }),
  issued({
    control: 'etcd/separate-authority',
    what: 'the certificate of etcd’s member comes from the authority of users',
    certificate: 'etcd/peer',
    subject: '/CN=etcd',
    authority: 'ca',
    days: 300,
    extensions: server(own),
    touches: 'etcd',
  }),
];
