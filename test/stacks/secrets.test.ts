import { specialSecretSig, specialSigKey } from '@pulumi/pulumi/runtime/rpc';
import { conceal, reveal } from '../../stacks/provider/secrets';

const secret = (value: unknown) => ({ [specialSigKey]: specialSecretSig, value });

test('a secret becomes a plain value wherever it lies, and its property is known', () => {
  const { plain, secrets } = reveal({
    spec: { nodes: [{ name: 'cp-1', address: secret('192.0.2.1') }] },
    stateDirectory: secret('.bulwark/demo'),
    allowWeaker: false,
  });
  expect(plain).toEqual({
    spec: { nodes: [{ name: 'cp-1', address: '192.0.2.1' }] },
    stateDirectory: '.bulwark/demo',
    allowWeaker: false,
  });
  expect([...secrets]).toEqual(['spec', 'stateDirectory']);
});

test('what was secret goes back as a secret, the whole property, and nothing goes back undefined', () => {
  const properties = { spec: { name: 'demo' }, plan: undefined, allowWeaker: false };
  expect(conceal(properties, new Set(['spec', 'plan']))).toEqual({
    spec: secret({ name: 'demo' }),
    allowWeaker: false,
  });
});
