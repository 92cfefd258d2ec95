import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sign } from '../../src/webhook/index.js';
import { root } from '../code-blocks.js';
import { startSandbox } from '../sandbox-server.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const isInstalled = existsSync(join(folder, 'node_modules', 'miniflare'));
if (!isInstalled) console.warn('Skipped, because miniflare is not installed. Run: npm ci --prefix test/miniflare');

/** The part of Miniflare that this test uses. */
interface Miniflare {
  ready: Promise<URL>;
  dispatchFetch(url: string, init: object): Promise<{ status: number }>;
  dispose(): Promise<void>;
}

const secret = 'shared-secret';
const deadLetters = `export default {
  async queue(batch, env) {
    await fetch(env.KEEP, { method: 'POST', body: JSON.stringify(batch.messages.map(({ body }) => body)) });
  },
};`;

describe.skipIf(!isInstalled)('the example in workerd, with a queue and its dead letters', () => {
  let output: string;
  beforeAll(async () => {
    output = mkdtempSync(join(tmpdir(), 'worker-'));
    await build({
      config: false,
      entry: [join(root, 'examples', 'cloudflare-queues.ts')],
      outDir: output,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      noExternal: [/./],
      silent: true,
      tsconfig: join(root, 'tsconfig.json'),
    });
  }, 60_000);
  afterAll(() => rmSync(output, { recursive: true }));

  const started: { end(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const { end } of started.splice(0)) await end();
  });

  /** Collects the messages that reach the dead-letter queue, on a server of this test. */
  async function startKeeper() {
    const kept: unknown[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      kept.push(...JSON.parse(text));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    started.push({ end: () => new Promise((resolve) => server.close(resolve)) });
    const address = server.address();
    return { kept, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
  }

  async function start() {
    const { sandbox, url } = await startSandbox({ unknownUsers: 'known', apiKey: 'os_v2_app_key' });
    const keeper = await startKeeper();
    const { Miniflare } = createRequire(join(folder, 'package.json'))('miniflare');
    const compatibilityDate = '2025-01-01';
    const miniflare: Miniflare = new Miniflare({
      workers: [
        {
          name: 'events',
          modules: true,
          compatibilityDate,
          script: readFileSync(join(output, 'cloudflare-queues.js'), 'utf8'),
          bindings: {
            ONESIGNAL_APP_ID: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
            ONESIGNAL_API_KEY: 'os_v2_app_key',
            ONESIGNAL_URL: url,
            SEGMENT_SECRET: secret,
          },
          queueProducers: { EVENTS: 'events' },
          queueConsumers: {
            events: { maxBatchSize: 10, maxBatchTimeout: 0.1, maxRetries: 2, deadLetterQueue: 'dead' },
          },
        },
        {
          name: 'dead',
          modules: true,
          compatibilityDate,
          script: deadLetters,
          bindings: { KEEP: keeper.url },
          queueConsumers: { dead: { maxBatchTimeout: 0.1 } },
        },
      ],
    });
    started.unshift({ end: () => miniflare.dispose() });
    await miniflare.ready;
    const send = async (event: unknown): Promise<number> => {
      const body = JSON.stringify(event);
      const headers = { 'content-type': 'application/json', 'x-signature': await sign(body, secret) };
      return (await miniflare.dispatchFetch('http://worker/', { method: 'POST', headers, body })).status;
    };
    return { sandbox, kept: keeper.kept, send };
  }

  test('events from Segment pass through the queue and reach OneSignal', async () => {
    const { sandbox, send } = await start();
    const users = Array.from({ length: 12 }, (_, index) => `u${index}`);
    const sent = users.map((userId) => send({ type: 'identify', userId, traits: { plan: 'pro' } }));
    expect(await Promise.all(sent)).toEqual(users.map(() => 200));
    await vi.waitUntil(() => sandbox.users().length === users.length, { timeout: 15_000 });
    expect(sandbox.users().map(({ tags }) => tags)).toEqual(users.map(() => ({ plan: 'pro' })));
  });

  test('a retryable message comes back later', async () => {
    const { sandbox, send, kept } = await start();
    sandbox.fail({ status: 429, headers: { 'retry-after': '6' }, times: 1 });
    await send({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } });
    await vi.waitUntil(() => sandbox.user('u1') !== undefined, { timeout: 15_000 });
    expect(sandbox.requests().map(({ status }) => status)).toEqual([429, 202]);
    expect(kept).toEqual([]);
  });

  test('a failed message ends in the dead-letter queue, and the others do not', async () => {
    const { sandbox, send, kept } = await start();
    sandbox.fail({ status: 400, when: ({ path }) => path.endsWith('/refused') });
    const refused = { type: 'identify', userId: 'refused', traits: { plan: 'pro' } };
    await Promise.all([refused, { ...refused, userId: 'u1' }].map(send));
    await vi.waitUntil(() => kept.length > 0, { timeout: 15_000 });
    expect(kept).toEqual([refused]);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
    expect(sandbox.requests().filter(({ path }) => path.endsWith('/refused'))).toHaveLength(3);
  });
});
