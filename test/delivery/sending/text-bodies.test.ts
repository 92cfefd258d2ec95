import { expect, test } from 'vitest';
import { createDestination, createOneSignalTransport, type Transport } from '../../../src/index.js';
import { startSandbox } from '../../sandbox-server.js';

const appId = '00000000-0000-4000-8000-000000000001';

test('a transport may return JSON as a string, even where delivery reads the body of a success', async () => {
  const { sandbox, url } = await startSandbox({ tagLimit: 2 });
  sandbox.addUser({ externalId: 'u1', tags: { city: 'Graz', plan: 'free' } });
  const parsing = createOneSignalTransport({ apiKey: 'k', baseUrl: url });
  const transport: Transport = {
    async send(request, options) {
      const response = await parsing.send(request, options);
      return { ...response, body: JSON.stringify(response.body) };
    },
  };
  const destination = createDestination({ appId, transport, delivery: { userIntervalMs: 0 } });
  const [outcome] = await destination.deliver([{ type: 'identify', userId: 'u1', traits: { plan: 'pro', seats: 5 } }]);
  expect(outcome).toMatchObject({ status: 'delivered', dropped: [{ path: 'traits.seats', reason: 'tag_limit' }] });
  expect(sandbox.user('u1')?.tags).toStrictEqual({ city: 'Graz', plan: 'pro' });
});
