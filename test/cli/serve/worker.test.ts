import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from '../../redis-server.js';
import { startSandbox } from '../../sandbox-server.js';
import { createFolder } from '../folder.js';
import { cli } from '../run-cli.js';
import { startCli } from '../send/start-cli.js';

const app = ['--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10'];

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.skipIf(!hasRedis)('a fleet from the command line', () => {
  test('serve --redis stores events, a worker delivers them, and metrics show the queue unless Redis is frozen', async () => {
    const redis = await startRedis();
    const { url: baseUrl, sandbox } = await startSandbox({ unknownUsers: 'known' });
    const env = { REDIS_URL: redis.url };
    const serving = startCli(['serve', '--port', '0', '--redis', '--allow-unsigned'], { cwd: tmpdir(), env });
    await until(() => serving.stderr().includes('Receiving at'));
    const [, url] = /Receiving at (http:\/\/[\d.]+:\d+)/.exec(serving.stderr()) ?? [];
    const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(String(url), { method: 'POST', headers, body: JSON.stringify(event) });
    expect(answer.status).toBe(200);
    expect(sandbox.requests()).toEqual([]);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^segment_onesignal_fleet_queue_events\S* 1$/m);
    const working = startCli(['worker', '--base-url', baseUrl, '--metrics-port', '0', ...app], { cwd: tmpdir(), env });
    await until(() => sandbox.requests().length > 0);
    expect(sandbox.user('u1')?.tags).toEqual({ plan: 'pro' });
    const [, own] = /Metrics: (http:\/\/[\d.]+:\d+)\/metrics/.exec(working.stderr()) ?? [];
    for (const path of ['healthz', 'readyz']) expect((await fetch(`${own}/${path}`)).status).toBe(200);
    const figures = await (await fetch(`${own}/metrics`)).text();
    expect(figures).toMatch(/^segment_onesignal_fleet_queue_events\S* \d$/m);
    expect(figures).toMatch(/^segment_onesignal_onesignal_requests_total\{operation="update_user",status="202"\} 1$/m);
    expect((await fetch(`${own}/other`)).status).toBe(404);
    redis.freeze();
    for (const server of [own, url]) expect((await fetch(`${server}/metrics`)).status).toBe(503);
    redis.resume();
    working.interrupt();
    expect(await working.exitCode).toBe(0);
    serving.interrupt();
    expect(await serving.exitCode).toBe(0);
  });
});

test('a URL that is not a Redis URL is refused and not repeated, even from --env-file', async () => {
  const cwd = createFolder({ '.env': 'REDIS_URL=topsecret@127.0.0.1:1' });
  const { exitCode, stderr } = await cli(['worker', '--env-file', '.env', '--base-url', 'http://127.0.0.1:1', ...app], {
    cwd,
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Error: The URL of Redis must begin with redis:// or rediss://, such as redis://127.0.0.1:6379.\n',
  });
});

test('a Redis server that does not answer is named with the reason and without its password', async () => {
  const env = { REDIS_URL: 'redis://user:topsecret@127.0.0.1:1' };
  const { exitCode, stderr } = await cli(['worker', '--base-url', 'http://127.0.0.1:1', ...app], {
    cwd: tmpdir(),
    env,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    'Error: Cannot connect to Redis at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1. Check that it is running and that the URL is right.\n',
  );
  expect(stderr).not.toContain('topsecret');
});

test.skipIf(!hasRedis)(
  'a database that Redis does not have is refused: the client would use the first one',
  async () => {
    const redis = await startRedis();
    const env = { REDIS_URL: `${redis.url}/99` };
    const { exitCode, stderr } = await cli(['worker', '--base-url', 'http://127.0.0.1:1', ...app], {
      cwd: tmpdir(),
      env,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: Cannot connect to Redis at \S+: ERR DB index is out of range\. Check that/);
  },
);

test.skipIf(!hasRedis)('a worker that waits for a Redis that does not answer can be stopped', async () => {
  const redis = await startRedis();
  redis.freeze();
  const env = { REDIS_URL: redis.url };
  const working = startCli(['worker', '--base-url', 'http://127.0.0.1:1', ...app], { cwd: tmpdir(), env });
  await new Promise((resolve) => setTimeout(resolve, 500));
  working.interrupt();
  expect(await working.exitCode).toBe(1);
  expect(working.stderr()).toContain(': stopped while waiting.');
});

test('an invalid option in the config file is refused under its name there, before Redis is contacted', async () => {
  const cwd = createFolder({ 'segment-onesignal.config.mjs': 'export default { mapping: { tagLimit: -1 } };' });
  const env = { REDIS_URL: 'redis://127.0.0.1:1' };
  const { exitCode, stderr } = await cli(['worker', '--base-url', 'http://127.0.0.1:1', ...app], { cwd, env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'Error: "mapping.tagLimit" must be an integer ≥ 0.\n' });
});
