import { enforceHardening } from 'bulwark/constructs';
import { App } from 'cdk8s';
import { Orders } from './chart';

const app = new App();
new Orders(app, 'orders', {
  namespace: 'orders',
  // Your pipeline writes what it pushed; this digest belongs to no image.
  image:
    process.env.ORDERS_IMAGE ??
    'registry.example/orders/service:1.4.2@sha256:4444444444444444444444444444444444444444444444444444444444444444',
});
enforceHardening(app);
app.synth();
