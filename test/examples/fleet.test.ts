import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { readFleetMetrics } from '../../src/fleet/index.js';
import type { Fault } from '../../src/sandbox/index.js';
import { sign } from '../../src/webhook/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { startSandbox } from '../sandbox-server.js';
import { startExample } from './example-process.js';

const secret = 'shared-secret';
const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
const steps = [1, 2, 3, 4, 5];

/** The events of one user, in timestamp order. */
const story = (userId: string) =>
  steps.map((step) => ({
    type: 'identify',
    userId,
    messageId: `${userId}-${step}`,
    timestamp: `2024-01-01T00:00:0${step}.000Z`,
    traits: { plan: `v${step}`, [`step_${step}`]: true, trial: step < 4 ? 'on' : null },
  }));
/** The tags that the user must have at the end. */
const ending = { plan: 'v5', ...Object.fromEntries(steps.map((step) => [`step_${step}`, 'true'])) };

test.skipIf(!hasRedis)(
  'after a worker and then Redis are killed at work, nothing is lost and every user ends in the right state',
  { timeout: 120_000 },
  async () => {
    const { sandbox, url } = await startSandbox({ unknownUsers: 'known', rateLimits: true });
    const redis = await startRedis(['--appendfsync', 'always']);
    const env = {
      REDIS_URL: redis.url,
      SEGMENT_SECRET: secret,
      PORT: '0',
      ONESIGNAL_APP_ID: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
      ONESIGNAL_API_KEY: 'os_v2_app_key',
      ONESIGNAL_URL: url,
    };
    const worker = () => startExample('fleet/worker.ts', { env, until: 'ready' });
    const [receiver, doomed, other] = await Promise.all([
      startExample('fleet/receiver.ts', { env, until: 'port' }),
      worker(),
      worker(),
    ]);
    const port = /port: (\d+)/.exec(receiver.output())?.[1];

    /** Sends until the answer is 200, as Segment does. */
    const answers: number[] = [];
    const send = async (event: unknown): Promise<void> => {
      const body = JSON.stringify(event);
      const headers = { 'content-type': 'application/json', 'x-signature': await sign(body, secret) };
      for (;;) {
        const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
        answers.push(status);
        if (status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };

    // Segment does not preserve order, so the newer half of each story comes first, reversed.
    const [early, late] = [
      users.flatMap((user) => story(user).slice(2).reverse()),
      users.flatMap((user) => story(user).slice(0, 2)),
    ];
    const faults: Fault[] = [
      { delayMs: 200 },
      { status: 503, rate: 0.1 },
      { status: 503, when: ({ path }) => path.endsWith('/user-0') },
      { drop: 'after', rate: 0.1 },
    ];
    const trouble = faults.map((fault) => sandbox.fail(fault));
    const mend = sandbox.fail({ status: 400, when: ({ path }) => path.endsWith('/poison') });
    await Promise.all(early.map(send));
    await send({ type: 'identify', userId: 'poison', traits: { plan: 'pro' } });

    await vi.waitUntil(() => sandbox.requests().some(({ status }) => status === undefined), { timeout: 30_000 });
    expect(await doomed.end('SIGKILL')).toBe(null);
    await redis.kill();
    const sending = Promise.all(late.map(send));
    await vi.waitUntil(() => answers.includes(503), { timeout: 30_000 });
    await redis.start();
    const successor = await worker();
    await sending;
    for (const end of trouble) end();

    const connection = new Redis(redis.url);
    const isDrained = async () => (await readFleetMetrics({ connection })).depth === 0;
    await vi.waitUntil(isDrained, { timeout: 60_000, interval: 100 });
    const tags = users.map((user) => sandbox.user(user)?.tags);
    expect(tags).toEqual(users.map(() => ending));

    // The event that OneSignal refused is a dead letter. Once the cause is fixed, it is put back.
    const list = await startExample('fleet/dead-letters.ts', { env, args: ['--retry'] });
    mend();
    expect(await list.ended()).toBe(0);
    expect(list.output().trim().split('\n')).toEqual([expect.stringContaining('was refused with 400')]);
    await vi.waitUntil(isDrained, { timeout: 60_000, interval: 100 });
    expect(await readFleetMetrics({ connection })).toMatchObject({ deadLetters: 0 });
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('segment_onesignal_fleet_queue_events 0\n');
    expect(sandbox.user('poison')?.tags).toEqual({ plan: 'pro' });
    connection.disconnect();

    expect(await Promise.all([receiver, other, successor].map((process) => process.end('SIGTERM')))).toEqual([0, 0, 0]);
  },
);
