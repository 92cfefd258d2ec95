import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { fromSegment, type Handler } from '../webhook/receiver.js';

const env = {
  ONESIGNAL_APP_ID: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
  ONESIGNAL_API_KEY: 'os-key',
  SEGMENT_SECRET: 'shh',
};
let sandbox: Sandbox;

beforeEach(() => {
  sandbox = createSandbox({ unknownUsers: 'known', apiKey: 'os-key' });
  vi.stubGlobal('fetch', sandbox.fetch);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.resetModules();
});

const stubEnv = () => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
};

/** Examples loaded as their hosts would load them. `npm run test:runtimes` runs them on the hosts themselves. */
const examples: Record<string, () => Promise<Handler>> = {
  'hono-worker.ts': async () => {
    const { default: app } = await import('../../examples/hono-worker.js');
    return async (request) => app.fetch(request, env);
  },
  'next-route.ts': async () => {
    const { POST } = await import('../../examples/next-route.js');
    stubEnv();
    return POST;
  },
  'bun.ts': async () => {
    stubEnv();
    return (await import('../../examples/bun.js')).default.fetch;
  },
  'deno.ts': async () => {
    stubEnv();
    return (await import('../../examples/deno.js')).default.fetch;
  },
};

describe.each(Object.keys(examples))('%s', (example) => {
  test('accepts signed events and refuses others', async () => {
    const handler = await examples[example]?.();
    const event = { type: 'identify', userId: 'u1', traits: { firstName: 'Zoë' } };
    expect((await handler?.(fromSegment(event, 'guessed')))?.status).toBe(401);
    expect(await (await handler?.(fromSegment(event)))?.json()).toEqual({ outcomes: [{ status: 'delivered' }] });
    expect(sandbox.user('u1')?.tags).toEqual({ first_name: 'Zoë' });
  });
});
