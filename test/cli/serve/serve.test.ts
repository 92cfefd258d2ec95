import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sign } from '../../../src/webhook/index.js';
import { root } from '../../code-blocks.js';
import { listen } from '../../listen.js';
import { startSandbox } from '../../sandbox-server.js';
import { type CliOptions, type CliRun, startCli } from '../send/start-cli.js';

const runs: CliRun[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.interrupt();
    await run.exitCode;
  }
});

async function serve(flags: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun & { url: string }> {
  const run = startCli(['serve', '--port', '0', ...flags], { cwd: tmpdir(), ...options });
  runs.push(run);
  for (;;) {
    const [, url] = /Receiving at (http:\/\/[\d.]+:\d+)/.exec(run.stderr() + run.stdout()) ?? [];
    if (url !== undefined) return { ...run, url };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const event = { type: 'identify', messageId: 'm1', userId: 'ada@example.com', traits: { plan: 'pro' } };
const post = (url: string, body: unknown, headers = {}) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

test('receives signed events, and logs requests without personal data', async () => {
  const { url: baseUrl, sandbox } = await startSandbox({ unknownUsers: 'known' });
  const run = await serve(['--base-url', baseUrl, '--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10'], {
    env: { SEGMENT_SHARED_SECRET: 'topsecret' },
  });
  expect((await post(`${run.url}/ada@example.com`, event)).status).toBe(401);
  const signature = await sign(JSON.stringify(event), 'topsecret');
  expect((await post(`${run.url}/segment`, event, { 'x-signature': signature })).status).toBe(200);
  expect(sandbox.user('ada@example.com')?.tags).toEqual({ plan: 'pro' });
  const lines = run
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { endpoint: 'webhook', status: 401 },
    { endpoint: 'webhook', status: 200 },
  ]);
  expect(run.stdout() + run.stderr()).not.toMatch(/ada|topsecret/);
});

test('receives from senders with a token and from Segment libraries, as the config file says', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'serve-'));
  await writeFile(
    join(cwd, 'segment-onesignal.config.mjs'),
    "export default { tokens: ['of the webhook'], writeKeys: ['of my own'] };",
  );
  const run = await serve(['--sandbox'], { cwd });
  const authorization = (credentials: string) => ({ authorization: credentials });
  expect((await post(run.url, event, authorization('Bearer of the webhook'))).status).toBe(200);
  expect((await post(run.url, event, authorization('Bearer of my own'))).status).toBe(401);
  const basic = authorization(`Basic ${btoa('of my own:')}`);
  expect((await post(`${run.url}/v1/identify`, { userId: 'u1', traits: {} }, basic)).status).toBe(200);
  const trigger = startCli(['trigger', 'identify', '--to', run.url], { cwd });
  expect(await trigger.exitCode).toBe(0);
  expect(trigger.stdout()).toContain('200 from');
  await rm(cwd, { recursive: true });
});

test('answers health, readiness and metrics', async () => {
  const run = await serve(['--sandbox', '--allow-unsigned']);
  await post(run.url, event);
  await post(run.url, { type: 'page', userId: 'u1' });
  expect((await fetch(`${run.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${run.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${run.url}/metrics`)).text();
  for (const line of [
    'segment_onesignal_events_total{outcome="delivered",reason=""} 1',
    'segment_onesignal_events_total{outcome="skipped",reason="unsupported_type"} 1',
    'segment_onesignal_onesignal_requests_total{operation="update_user",status="202"} 1',
    'segment_onesignal_http_request_duration_seconds_count{endpoint="webhook",status="200"} 2',
  ])
    expect(metrics).toContain(`${line}\n`);
});

test('--sandbox delivers to an embedded OneSignal, and prints the URL of its page', async () => {
  const run = await serve(['--sandbox', '--allow-unsigned']);
  await post(run.url, event);
  const [, sandboxUrl] = /sandbox at (\S+?)\.? /.exec(run.stderr()) ?? [];
  const status: unknown = await (await fetch(`${sandboxUrl}/status`)).json();
  expect(status).toMatchObject({ users: [{ externalId: 'ada@example.com', tags: { plan: 'pro' } }] });
});

test('answers the requests it has received before it exits', async () => {
  const { url: baseUrl, sandbox } = await startSandbox({ unknownUsers: 'known' });
  sandbox.fail({ delayMs: 400 });
  const app = ['--base-url', baseUrl, '--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10'];
  const run = await serve([...app, '--allow-unsigned']);
  const answer = post(run.url, event);
  while (sandbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  run.interrupt();
  expect((await answer).status).toBe(200);
  expect(await run.exitCode).toBe(0);
});

test('requires a setting that says who may send', async () => {
  const run = startCli(['serve', '--sandbox'], { cwd: tmpdir() });
  expect(await run.exitCode).toBe(2);
  expect(run.stderr()).toContain('Set SEGMENT_SHARED_SECRET');
});

test('a port that is in use ends it, along with everything that it opened', async () => {
  const { url, close } = await listen(createServer());
  const args = [join(root, 'dist/cli/main.js'), 'serve', '--sandbox', '--allow-unsigned', '--port', new URL(url).port];
  const { status, stderr } = await new Promise<{ status: number | null; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 20_000, killSignal: 'SIGKILL' }, (_error, _out, stderr) =>
      resolve({ status: child.exitCode, stderr }),
    );
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `Error: Cannot listen on port ${new URL(url).port} of 127.0.0.1: it is in use. Choose another port.\n`,
  });
  await close();
});

test.each([
  [['--port', '65536'], 'It must be an integer from 0 to 65535.'],
  [['--sandbox', '--redis'], 'Option "--redis [url]" cannot be used with option "--sandbox".'],
])('wrong flags are refused: %j', async (flags, message) => {
  const run = startCli(['serve', '--allow-unsigned', ...flags], { cwd: tmpdir() });
  expect({ exitCode: await run.exitCode, stderr: run.stderr() }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining(message),
  });
});

test('a token or a write key also lets events in, and appears nowhere', async () => {
  const run = await serve(['--sandbox'], { env: { WEBHOOK_TOKEN: 'sesame', WEBHOOK_WRITE_KEY: 'write-me' } });
  const statusOf = async (path: string, headers = {}) => (await post(`${run.url}${path}`, event, headers)).status;
  const basic = (key: string) => ({ authorization: `Basic ${btoa(`${key}:`)}` });
  expect(await statusOf('/segment')).toBe(401);
  expect(await statusOf('/segment', { authorization: 'Bearer wrong' })).toBe(401);
  expect(await statusOf('/segment', { authorization: 'Bearer sesame' })).toBe(200);
  expect(await statusOf('/v1/identify', basic('sesame'))).toBe(401);
  expect(await statusOf('/v1/identify', basic('write-me'))).toBe(200);
  expect(run.stdout() + run.stderr()).not.toMatch(/sesame|write-me/);
});

test('--allow-unsigned lets events in only on paths without a check', async () => {
  const run = await serve(['--sandbox', '--allow-unsigned'], { env: { SEGMENT_SHARED_SECRET: 'topsecret' } });
  expect((await post(`${run.url}/segment`, event)).status).toBe(401);
  expect((await post(`${run.url}/v1/identify`, event)).status).toBe(200);
});
