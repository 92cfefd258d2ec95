import net from 'node:net';
import { expect, test } from 'vitest';
import { createReceiver, segmentSignature, signatureOf } from './receiver.js';
import { type ServedReceiver, serve } from './serve.js';

const head = (headers: string) => `POST /segment HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

/** The behaviour of malicious or broken clients. Each gets its own connection. */
const attacks: Record<string, (socket: net.Socket) => void> = {
  'bytes that are not HTTP': (socket) => socket.write(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
  'an invalid length': (socket) => socket.write(`${head('Content-Length: abc\r\n')}{}`),
  'two lengths': (socket) => socket.write(`${head('Content-Length: 2\r\nContent-Length: 5\r\n')}{}`),
  'invalid JSON, signed': (socket) =>
    socket.write(`${head(`X-Signature: ${signatureOf('{{', 'shh')}\r\nContent-Length: 2\r\n`)}{{`),
  'no signature': (socket) => socket.write(`${head('Content-Length: 2\r\n')}{}`),
  'invalid gzip': (socket) => socket.write(`${head('Content-Encoding: gzip\r\nContent-Length: 2\r\n')}{}`),
  'a body that announces too much': (socket) => socket.write(head('Content-Length: 99999999999\r\n')),
  'a body without end': (socket) => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const send = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', send);
    socket.write(head('Transfer-Encoding: chunked\r\n'), send);
  },
  'a body that drips': (socket) => {
    socket.write(head('Content-Length: 1000\r\n'));
    const drip = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => clearInterval(drip));
  },
  'a head that drips': (socket) => {
    socket.write('POST /segment HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('a: b\r\n'), 50);
    socket.on('close', () => clearInterval(drip));
  },
  'half a body, then nothing': (socket) => socket.write(`${head('Content-Length: 1000\r\n')}{`),
  'half a body, then a reset': (socket) =>
    socket.write(`${head('Content-Length: 1000\r\n')}{`, () => socket.resetAndDestroy()),
  'half a body, then the end': (socket) => socket.end(`${head('Content-Length: 1000\r\n')}{`),
  'a reset at once': (socket) => socket.resetAndDestroy(),
};

/** Resolves with the statuses that a connection received, at its first answer or its end. */
function attack(port: number, kind: string, sockets: net.Socket[]): Promise<string[]> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => attacks[kind]?.(socket));
    sockets.push(socket);
    let answer = '';
    const finish = () => resolve([...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status ?? ''));
    socket.on('data', (part) => {
      answer += part;
      finish();
    });
    socket.on('error', () => undefined);
    socket.on('close', finish);
  });
}

const post = (receiver: ServedReceiver, event: object) =>
  fetch(`${receiver.url}/segment`, {
    method: 'POST',
    headers: { 'x-signature': segmentSignature(event, 'shh') },
    body: JSON.stringify(event),
  });

test('a hundred malicious connections are answered or cut, while the receiver keeps serving', async () => {
  const { handler, sandbox } = createReceiver({ secrets: ['shh'], deadlineMs: 2_500 });
  const receiver = await serve(handler);
  receiver.server.headersTimeout = 1_000;
  const sockets: net.Socket[] = [];
  const kinds = Object.keys(attacks);
  const answers = Array.from({ length: 100 }, async (_, index) => {
    const kind = kinds[index % kinds.length] ?? '';
    return { kind, statuses: await attack(receiver.port, kind, sockets) };
  });
  // Sent while the malicious clients are connected and the slow ones are still sending.
  const users = Array.from({ length: 100 }, (_, index) => `u${index}`);
  const served = await Promise.all(
    users.map((userId) => post(receiver, { type: 'identify', userId, traits: { plan: 'pro' } })),
  );
  expect(served.map(({ status }) => status)).toEqual(users.map(() => 200));
  expect(sandbox.users()).toHaveLength(users.length);

  const byKind = new Map<string, Set<string>>();
  // Left out: a dripping head is only cut by Node's own check of connections, every 30 seconds.
  for (const { kind, statuses } of await Promise.all(
    answers.filter((_, index) => kinds[index % kinds.length] !== 'a head that drips'),
  )) {
    for (const status of statuses) byKind.set(kind, (byKind.get(kind) ?? new Set()).add(status));
  }
  expect(Object.fromEntries([...byKind].map(([kind, statuses]) => [kind, [...statuses].join()]))).toEqual({
    'bytes that are not HTTP': '400',
    'an invalid length': '400',
    'two lengths': '400',
    'invalid JSON, signed': '400',
    'no signature': '401',
    'invalid gzip': '400',
    'a body that announces too much': '413',
    'a body without end': '413',
    'a body that drips': '408',
    'half a body, then nothing': '408',
    'half a body, then the end': '400',
  });
  for (const socket of sockets) socket.destroy();
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
