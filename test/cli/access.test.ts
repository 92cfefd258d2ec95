import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { toNodeListener } from '../../src/node/index.js';
import { createFakeDestination } from '../../src/testing/index.js';
import { createWebhookHandler } from '../../src/webhook/index.js';
import { listen } from '../listen.js';
import { startSandbox } from '../sandbox-server.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const key = 'os_v2_app_correct';

async function run(args: readonly string[], url: string, env: Record<string, string> = {}) {
  const cwd = createFolder();
  return cli([...args, '--base-url', url, '--app-id', appId], { cwd, env });
}

test('check says that a key works', async () => {
  const { url } = await startSandbox({ apiKey: key });
  const { exitCode, stdout } = await run(['check'], url, { ONESIGNAL_API_KEY: key });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: `OK: ${url} accepts the key for app ${appId}. Nothing was changed.\n`,
  });
});

test('check says in one sentence that the key is refused, and never shows it', async () => {
  const { url } = await startSandbox({ apiKey: key });
  const { exitCode, stdout, stderr } = await run(['check', '--debug'], url, { ONESIGNAL_API_KEY: 'os_v2_app_wrong' });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${url} refused the key (403). Check that it is an App API key of app ${appId}`);
  expect(stdout + stderr).not.toContain('os_v2_app_wrong');
});

test.each([
  [429, 'received too many requests (429)'],
  [503, 'has a problem of its own (503)'],
  [302, 'answered 302, which OneSignal does not do'],
])('check explains the status %i', async (status, message) => {
  const { url, sandbox } = await startSandbox();
  sandbox.fail({ status, times: 1 });
  const { exitCode, stderr } = await run(['check'], url);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(message);
});

test('check explains that nothing answers at the URL', async () => {
  const server = await startSandbox();
  await server.close();
  const { exitCode, stderr } = await run(['check'], server.url);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/did not answer: connect ECONNREFUSED [\d.:]+\. Check the network and the base URL\.\n$/);
});

test.each([[`check --app-id ${appId} --base-url`], ['trigger identify --to']])(
  '%s ends if the other side takes the request but never answers',
  async (command) => {
    const server = createServer(() => {});
    const { url, close } = await listen(server);
    const received = once(server, 'request');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const args = [...command.split(' '), url];
      const running = cli(args, { cwd: createFolder(), env: { ONESIGNAL_API_KEY: key } });
      await received;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(await running).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('did not answer: nothing within'),
      });
    } finally {
      vi.useRealTimers();
      await close();
    }
  },
);

test('a missing app, a missing key and a malformed key are named', async () => {
  const cwd = createFolder();
  const of = async (args: string[], env: Record<string, string>) => {
    const { exitCode, stderr } = await cli(['check', ...args], { cwd, env });
    expect(exitCode).toBe(2);
    return stderr;
  };
  expect(await of([], {})).toContain('No OneSignal app is set. Pass --app-id, or set ONESIGNAL_APP_ID');
  expect(await of(['--app-id', appId], {})).toContain('No API key is set. Set ONESIGNAL_API_KEY');
  const slip = await of(['--app-id', appId], { ONESIGNAL_API_KEY: 'Bearer os_v2_app_x' });
  expect(slip).toContain('"apiKey" begins with "Bearer"');
});

test('trigger delivers a sample, with fields changed', async () => {
  const { url, sandbox } = await startSandbox();
  const args = ['trigger', 'identify', '--set', 'userId=u7', '--set', 'traits.plan=team', '--set', 'traits.seats=12'];
  const skipped = await run(args, url);
  expect(skipped).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('skipped: user_not_found. Add') });
  const { exitCode, stdout } = await run([...args, '--missing-user', 'create'], url);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^delivered: update_user\n/),
  });
  expect(stdout).toContain('  ! traits.email: identifier\n');
  expect(sandbox.user('u7')?.tags).toMatchObject({ plan: 'team', seats: '12' });
});

test('trigger sends a signed webhook to a receiver, and says what it answers', async () => {
  const destination = createFakeDestination();
  const handler = createWebhookHandler(destination, { secrets: ['shh'] });
  const { url, close } = await listen(createServer(toNodeListener(handler)));
  const cwd = createFolder();
  const args = ['trigger', 'audience.entered', '--key', 'vip', '--to', `${url}/segment`];
  const signed = await cli(args, { cwd, env: { SEGMENT_SHARED_SECRET: 'shh' } });
  expect(signed).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^200 from .*\/segment \(signed\)\n\{"outcomes":/),
  });
  expect(destination.deliveries).toHaveLength(1);
  const unsigned = await cli(args, { cwd });
  expect(unsigned.exitCode).toBe(1);
  expect(unsigned.stdout).toContain('401 from');
  expect(unsigned.stdout).toContain('unsigned: SEGMENT_SHARED_SECRET is not set');
  await close();
  const gone = await cli(args, { cwd });
  expect(gone.stderr).toMatch(/did not answer: .+\. Check that it is running\.\n$/);
});

test('trigger --to sends the token that the receiver expects', async () => {
  const handler = createWebhookHandler(createFakeDestination(), { tokens: ['sesame'] });
  const { url, close } = await listen(createServer(toNodeListener(handler)));
  const env = { WEBHOOK_TOKEN: 'sesame' };
  const { exitCode, stdout } = await cli(['trigger', 'identify', '--to', url], { cwd: createFolder(), env });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('SEGMENT_SHARED_SECRET is not set, with a token)');
  expect(stdout).not.toContain('sesame');
  await close();
});

test('trigger --to prints no control characters from the answer', async () => {
  const server = createServer((_, response) => response.end('one\ntwo\u001b[2Jthree'));
  const { url, close } = await listen(server);
  const { stdout } = await cli(['trigger', 'identify', '--to', url], { cwd: createFolder() });
  expect(stdout).toMatch(/\none\ntwo \[2Jthree\n$/);
  await close();
});

test('a misspelled sample is answered with a suggestion', async () => {
  const { exitCode, stderr } = await cli(['trigger', 'order-complete'], { cwd: createFolder() });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Error: There is no sample "order-complete". Did you mean "order-completed"?\n',
  });
});

test('diff reports what OneSignal is missing, and ignores what others wrote', async () => {
  const { url, sandbox } = await startSandbox();
  const tags = { first_name: 'Mira', plan: 'free', other: 'x' };
  sandbox.addUser({ externalId: 'u1', tags });
  sandbox.addUser({ externalId: 'u2', tags: { plan: 'team' } });
  const events = [
    {
      type: 'identify',
      userId: 'u1',
      traits: { firstName: 'Mira', plan: 'pro', trial: 'yes' },
      timestamp: '2026-01-01T00:00:00Z',
    },
    { type: 'identify', userId: 'u1', traits: { trial: null }, timestamp: '2026-01-02T00:00:00Z' },
    { type: 'identify', userId: 'u2', traits: { plan: 'team' } },
    { type: 'identify', userId: 'u3', traits: { plan: 'pro' } },
  ];
  const cwd = createFolder({ 'e.ndjson': events.map((event) => JSON.stringify(event)).join('\n') });
  const args = ['diff', 'e.ndjson', '--base-url', url, '--app-id', appId, '--user'];
  const equal = await cli([...args, 'u2'], { cwd });
  expect(equal).toMatchObject({ exitCode: 0, stdout: '✓ u2: 1 field as expected\n' });
  const { exitCode, stdout } = await cli([...args, 'u1', 'u3', 'u9'], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    [
      '✗ u1: 1 difference',
      '  Field     Expected  In OneSignal',
      '  tag plan  "pro"     "free"',
      '✗ u3: 1 difference',
      '  Field  Expected  In OneSignal',
      '  user   exists    no such user',
      'u9: no event of these files writes to this user.',
      '',
    ].join('\n'),
  );
});

test('diff exits with 1 if it could not read all events, even if the users are as expected', async () => {
  const { url, sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'pro' } });
  const cwd = createFolder({ 'e.ndjson': '{"type":"identify","userId":"u1","traits":{"plan":"pro"}}\n{broken\n' });
  const args = ['diff', 'e.ndjson', '--user', 'u1', '--base-url', url, '--app-id', appId];
  expect(await cli(args, { cwd })).toEqual({
    exitCode: 1,
    stdout: '✓ u1: 1 field as expected\n',
    stderr: '1 line of the files could not be read. Run "segment-onesignal plan" to see where.\n',
  });
});
