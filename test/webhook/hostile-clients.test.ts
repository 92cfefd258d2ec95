import { expect, test } from 'vitest';
import { runAttack } from './attacks/attack.js';
import { connections } from './attacks/connections.js';
import { createReceiver, segmentSignature } from './receiver.js';
import { type ServedReceiver, serve } from './serve.js';

const post = (receiver: ServedReceiver, event: object) =>
  fetch(`${receiver.url}/segment`, {
    method: 'POST',
    headers: { 'x-signature': segmentSignature(event, 'shh') },
    body: JSON.stringify(event),
  });

test('a hundred malicious connections are answered or cut, and the receiver keeps serving', async () => {
  const { handler, sandbox } = createReceiver({ secrets: ['shh'], deadlineMs: 2_500 });
  const receiver = await serve(handler);
  receiver.server.headersTimeout = 1_000;
  const attacks = Array.from({ length: 7 }, () => connections).flat();
  expect(attacks.length).toBeGreaterThan(100);
  const answers = attacks.map(async (attack) => ({ attack, answers: await runAttack(receiver.port, attack) }));
  // Sent while the malicious clients are connected and the slow ones are still sending.
  const users = Array.from({ length: 100 }, (_, index) => `u${index}`);
  const served = await Promise.all(
    users.map((userId) => post(receiver, { type: 'identify', userId, traits: { plan: 'pro' } })),
  );
  expect(served.map(({ status }) => status)).toEqual(users.map(() => 200));
  expect(sandbox.users()).toHaveLength(users.length);

  const unexpected = (await Promise.all(answers)).flatMap(({ attack: { name, expected }, answers }) =>
    answers.filter((answer) => !expected.includes(answer)).map((answer) => `${name}: ${answer}`),
  );
  expect(unexpected).toEqual([]);
  expect((await post(receiver, { type: 'identify', userId: 'last', traits: { plan: 'pro' } })).status).toBe(200);
});

test('a client that disconnects stops its delivery, and the next one completes it', async () => {
  const { handler, sandbox } = createReceiver({ secrets: ['shh'] }, { delivery: { userIntervalMs: 1 } });
  const receiver = await serve(handler);
  sandbox.fail({ delayMs: 60_000, times: 1 });
  const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
  const controller = new AbortController();
  const left = fetch(`${receiver.url}/segment`, {
    method: 'POST',
    headers: { 'x-signature': segmentSignature(event, 'shh') },
    body: JSON.stringify(event),
    signal: controller.signal,
  });
  while (sandbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await expect(left).rejects.toThrow();
  expect((await post(receiver, event)).status).toBe(200);
  expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
});
