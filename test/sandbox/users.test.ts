import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { apiOf, app } from './api.js';

test('tags are merged into a known user, and an empty string removes one', async () => {
  const { sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'free', city: 'Vienna' } });
  const { status, body } = await apiOf(sandbox)('PATCH', `${app}/users/by/external_id/u1`, {
    properties: { tags: { plan: 'pro', city: '' } },
  });
  expect(status).toBe(202);
  expect(body).toEqual({ properties: { tags: { plan: 'pro', city: '' } } });
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});
