import {
  enforceHardening,
  HardenedDeployment,
  HardenedNamespace,
  HardenedStatefulSet,
  NamespaceDefaultDeny,
} from 'bulwark/constructs';
import { App, Chart } from 'cdk8s';
import {
  EnvValue,
  HttpIngressPathType,
  Ingress,
  IngressBackend,
  Namespaces,
  PodConnectionsIsolation,
  Probe,
  Secret,
  Volume,
} from 'cdk8s-plus-27';
import images from './images.json';

/** Frontend → backend → Redis, each reachable only by the tier before it. */
class Shop extends Chart {
  constructor(app: App) {
    super(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });

    new NamespaceDefaultDeny(this, 'default-deny', { namespace: 'shop' });

    // Made outside of this chart: its key `redis.conf` holds `requirepass`, its key `password` the same password.
    const secret = Volume.fromSecret(this, 'redis-secret', Secret.fromSecretName(this, 'secret', 'redis'), {
      name: 'redis-secret',
    });

    const redis = new HardenedStatefulSet(this, 'redis', {
      containers: [
        {
          image: images.redis,
          portNumber: 6379,
          args: ['/etc/redis/redis.conf'],
          volumeMounts: [{ path: '/etc/redis', volume: secret, readOnly: true }],
        },
      ],
      scratch: [{ path: '/data', sizeMebibytes: 128 }],
    });

    const backend = new HardenedDeployment(this, 'backend', {
      containers: [
        {
          image: images.backend,
          portNumber: 8080,
          readiness: Probe.fromHttpGet('/ready', { port: 8080 }),
          liveness: Probe.fromHttpGet('/alive', { port: 8080, failureThreshold: 6 }),
          envVariables: {
            REDIS_HOST: EnvValue.fromValue(redis.service.name),
            REDIS_PASSWORD_FILE: EnvValue.fromValue('/run/secrets/redis/password'),
          },
          volumeMounts: [{ path: '/run/secrets/redis', volume: secret, readOnly: true }],
        },
      ],
    });
    const backendService = backend.exposeViaService();

    const frontend = new HardenedDeployment(this, 'frontend', {
      containers: [
        {
          image: images.frontend,
          portNumber: 8080,
          readiness: Probe.fromHttpGet('/', { port: 8080 }),
          envVariables: { BACKEND: EnvValue.fromValue(`http://${backendService.name}:8080`) },
        },
      ],
      scratch: [{ path: '/tmp' }],
    });

    frontend.connections.allowTo(backend);
    backend.connections.allowTo(redis);
    // Only the frontend's side: the other namespace is not this chart's.
    frontend.connections.allowFrom(Namespaces.select(this, 'ingress-namespace', { names: ['ingress'] }), {
      isolation: PodConnectionsIsolation.POD,
    });

    const ingress = new Ingress(this, 'ingress', {
      className: 'public',
      tls: [{ hosts: ['shop.example'], secret: Secret.fromSecretName(this, 'certificate', 'shop-certificate') }],
    });
    ingress.addHostRule(
      'shop.example',
      '/',
      IngressBackend.fromService(frontend.exposeViaService()),
      HttpIngressPathType.PREFIX,
    );
  }
}

const app = new App();
const namespace = new Chart(app, 'namespace');
new HardenedNamespace(namespace, 'shop', { name: 'shop', minor: '1.36' });
new Shop(app).addDependency(namespace);
// Holds where the app is synthesized without the cdk8s CLI, too.
enforceHardening(app);
app.synth();
