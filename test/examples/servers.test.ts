import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { root } from '../code-blocks.js';
import { startSandbox } from '../sandbox-server.js';
import { basic, segmentSignature } from '../webhook/receiver.js';
import { freePort } from './example-process.js';

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** Starts an example as its first lines say, in its own process. Its OneSignal requests go to a sandbox. */
async function start(example: string) {
  const { sandbox, url: ONESIGNAL_SANDBOX } = await startSandbox({ unknownUsers: 'known', apiKey: 'os-key' });
  const port = await freePort();
  const preload = ['--import', 'tsx', '--import', './test/examples/redirect-onesignal.mjs'];
  const child = spawn(process.execPath, [...preload, `examples/${example}`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ONESIGNAL_SANDBOX,
      ONESIGNAL_APP_ID: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
      ONESIGNAL_API_KEY: 'os-key',
      SEGMENT_SECRET: 'shh',
      WRITE_KEY: 'key',
      PORT: String(port),
    },
  });
  running.push(child);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${example} ended with ${child.exitCode}`);
    if (await fetch(url).catch(() => undefined)) break;
    await wait(50);
  }
  return { sandbox, url, child };
}

const event = { type: 'identify', userId: 'u1', traits: { firstName: 'Zoë' } };
const post = (url: string, body: unknown, headers: Record<string, string>) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe.each(['node-http.ts', 'express.ts', 'fastify.ts'])('%s', (example) => {
  test('accepts signed events, refuses others, and exits on SIGTERM after its last answer', async () => {
    const { sandbox, url, child } = await start(example);
    const refused = await post(`${url}/segment`, event, { 'x-signature': segmentSignature(event, 'guessed') });
    expect(refused.status).toBe(401);
    expect(sandbox.requests()).toEqual([]);

    sandbox.fail({ delayMs: 300, times: 1 });
    const taken = post(`${url}/segment`, event, { 'x-signature': segmentSignature(event, 'shh'), connection: 'close' });
    while (sandbox.requests().length === 0) await wait(10);
    child.kill('SIGTERM');
    expect(await (await taken).json()).toEqual({ outcomes: [{ status: 'delivered' }] });
    expect(sandbox.user('u1')?.tags).toEqual({ first_name: 'Zoë' });
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});

/** Sends a head that never ends, and returns what the server answered by the time it closes the connection. */
async function dripHead(url: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /segment HTTP/1.1\r\nHost: a\r\n');
  const drip = setInterval(() => socket.write('a: b\r\n'), 100);
  let answer = '';
  socket.on('data', (part) => {
    answer += part;
  });
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);
  return answer;
}

test('every server ends the connection of a client whose head never ends', async () => {
  // Times out if Node only checks the connections at its default interval of 30 seconds.
  const started = await Promise.all(['node-http.ts', 'express.ts', 'fastify.ts'].map(start));
  const answers = await Promise.all(started.map(({ url }) => dripHead(url)));
  expect(answers.map((answer) => answer.split('\r\n')[0])).toEqual(Array(3).fill('HTTP/1.1 408 Request Timeout'));
});

test.each(['express.ts', 'fastify.ts'])('%s leaves the body parsers of other routes alone', async (example) => {
  const { url } = await start(example);
  expect(await (await post(`${url}/echo`, event, {})).json()).toEqual(event);
});

test("express.ts accepts events from Segment's libraries under its prefix", async () => {
  const { sandbox, url } = await start('express.ts');
  const batch = { batch: [event] };
  expect((await post(`${url}/segment/v1/batch`, batch, { authorization: basic('other') })).status).toBe(401);
  const answer = await post(`${url}/segment/v1/batch`, batch, { authorization: basic('key') });
  expect(await answer.json()).toEqual({ success: true, outcomes: [{ status: 'delivered' }] });
  expect(sandbox.user('u1')?.tags).toEqual({ first_name: 'Zoë' });
});
