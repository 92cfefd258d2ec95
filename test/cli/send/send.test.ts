import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../../sandbox-server.js';
import { type CliOptions, startCli } from './start-cli.js';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'send-'));
});
afterEach(() => rm(folder, { recursive: true }));

const identify = (userId: string, traits: object, minute = 0) => ({
  type: 'identify',
  messageId: `${userId}-${minute}-${JSON.stringify(traits)}`,
  userId,
  traits,
  timestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
});

async function archive(name: string, events: readonly unknown[]): Promise<void> {
  await writeFile(join(folder, name), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

async function send(url: string, args: readonly string[], options: Partial<CliOptions> = {}) {
  const run = startCli(['send', ...args, '--base-url', url, '--app-id', appId], { cwd: folder, ...options });
  const exitCode = await run.exitCode;
  return { exitCode, stdout: run.stdout(), stderr: run.stderr() };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('delivers an archive and reports the result', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [
    identify('u1', { plan: 'free' }),
    identify('u2', { plan: 'pro' }),
    { type: 'page', userId: 'u1' },
  ]);
  const { exitCode, stdout } = await send(url, ['a.json']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('3 events in');
  expect(stdout).toContain('2 delivered, 1 skipped, 0 failed');
  expect(stdout).toContain('2 requests');
  expect(stdout).toContain('Skipped: 1 unsupported_type');
  expect(sandbox.user('u2')?.tags).toEqual({ plan: 'pro' });
});

test('counts dropped fields and warnings, and prints a warning when it first occurs', async () => {
  const { url, sandbox } = await startSandbox({ tagLimit: 1 });
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'pro' } });
  const vip = {
    type: 'track',
    userId: 'u1',
    event: 'Audience Entered',
    properties: { audience_key: 'vip', vip: true },
    context: { personas: { computation_class: 'audience', computation_key: 'vip' } },
  };
  await archive('a.json', [identify('u1', { plan: 'pro', email: 'ada@example.com' }), vip]);
  const { exitCode, stdout, stderr } = await send(url, ['a.json']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Dropped fields: 1 identifier, 1 metadata, 1 tag_limit\nWarnings: 1 membership_not_set\n');
  expect(stderr).toContain('Warning: The audience membership was not set: the user has as many tags');
  expect((await send(url, ['a.json', '--dry-run'])).stdout).toContain('Dropped fields: 1 identifier, 1 metadata\n');
});

test.each(['--failed', '--checkpoint'])(
  '%s in a folder that does not exist is refused before anything is sent',
  async (flag) => {
    const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
    await archive('a.json', [identify('u1', { plan: 'free' })]);
    const { exitCode, stderr } = await send(url, ['a.json', flag, 'nope/f.json']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `Error: ${flag} names a file in ${join(folder, 'nope')}, which does not exist. Create the folder first.\n`,
    });
    expect(sandbox.requests()).toEqual([]);
  },
);

test('a second run with the same checkpoint takes over, and the first one stops', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  const users = Array.from({ length: 60 }, (_, index) => `u${index}`);
  await archive(
    'a.json',
    users.map((user) => identify(user, { a: 1 })),
  );
  const access = ['--base-url', url, '--app-id', appId];
  const slow = ['send', 'a.json', '--checkpoint', 'c.json', '--requests-per-second', '15', ...access];
  const first = startCli(slow, { cwd: folder });
  await vi.waitFor(() => expect(sandbox.requests().length).toBeGreaterThan(2), { timeout: 20_000 });
  const second = await send(url, ['a.json', '--checkpoint', 'c.json']);
  expect(second.exitCode).toBe(0);
  expect(await first.exitCode).toBe(1);
  expect(first.stderr()).toContain(
    `Error: Another run continues from ${join(folder, 'c.json')}, so this one stopped.\n`,
  );
  expect(JSON.parse(read('c.json'))).toMatchObject({ isFinished: true });
  expect(sandbox.users()).toHaveLength(users.length);
});

test('keeps failed events with their errors, and accepts them as input', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [identify('u1', { plan: 'free' }), { type: 'identify', userId: 'u2', traits: 'none' }]);
  const first = await send(url, ['a.json', '--failed', 'failed.json']);
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toContain('Failed: 1 invalid_event');
  expect(JSON.parse(read('failed.json'))).toMatchObject({
    error: { code: 'invalid_event' },
    line: 2,
    event: { userId: 'u2' },
  });
  expect((await send(url, ['a.json', '--failed', 'failed.json'])).stderr).toContain('has failed events already');
  await writeFile(join(folder, 'failed.json'), read('failed.json').replace('"none"', '{"plan":"pro"}'));
  expect((await send(url, ['failed.json'])).exitCode).toBe(0);
  expect(sandbox.user('u2')?.tags).toEqual({ plan: 'pro' });
});

test('reports unreadable lines, and exits with 1', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await writeFile(join(folder, 'a.json'), `${JSON.stringify(identify('u1', { a: 1 }))}\noops\n`);
  await writeFile(join(folder, 'b.gz'), gzipSync('{}').subarray(0, 15));
  const { exitCode, stdout, stderr } = await send(url, ['a.json', 'b.gz']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('a.json:2: Not JSON');
  expect(stderr).toContain('b.gz: The gzip data is damaged or truncated');
  expect(stdout).toContain('2 lines could not be read');
});

test('sends only the events that the filters match', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [
    identify('u1', { n: 1 }, 1),
    identify('u1', { n: 2 }, 2),
    identify('u1', { n: 3 }, 3),
    identify('u2', { n: 4 }, 2),
    { type: 'track', event: 'Signed Up', userId: 'u3', properties: { n: 5 }, timestamp: '2026-01-01T00:02:00Z' },
  ]);
  const times = ['--since', '2026-01-01T00:02:00Z', '--until', '2026-01-01T00:03:00Z'];
  await send(url, ['a.json', ...times, '--user', 'u1', 'u3', '--type', 'identify']);
  expect(sandbox.users().map(({ externalId, tags }) => [externalId, tags.n])).toEqual([['u1', '2']]);
  await send(url, ['a.json', '--event', 'Signed Up']);
  expect(sandbox.user('u3')?.tags).toEqual({ n: '5' });
  expect((await send(url, ['a.json', '--since', 'yesterday'])).exitCode).toBe(2);
  const turned = await send(url, ['a.json', '--since', '2026-01-02', '--until', '2026-01-01']);
  expect(turned).toMatchObject({ exitCode: 2, stderr: 'Error: --until must be later than --since.\n' });
});

test.each([[[]], [['--compact']], [['--dry-run']]])('says so if there was nothing to send: %j', async (more) => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [identify('u1', { n: 1 }), identify('u2', { n: 1 })]);
  await archive('none.json', []);
  const filtered = await send(url, ['a.json', ...more, '--since', '2027-01-01', '--user', 'u1']);
  expect(filtered).toMatchObject({
    exitCode: 0,
    stderr: 'Warning: Nothing was sent: none of the 2 events matches --since and --user.\n',
  });
  expect(await send(url, ['none.json', ...more])).toMatchObject({
    exitCode: 0,
    stderr: 'Warning: Nothing was sent: the input has no events.\n',
  });
  expect((await send(url, ['a.json', ...more])).stderr).toBe('');
});

test('retries events that OneSignal could not accept, and keeps those that it never accepts', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  await writeFile(join(folder, 'config.mjs'), 'export default { delivery: { retries: 0 } };');
  sandbox.fail({ status: 503, times: 1 });
  await archive('a.json', [identify('u1', { a: 1 })]);
  const first = await send(url, ['a.json', '--config', 'config.mjs']);
  expect(first.stdout).toContain('1 event sent again');
  expect(sandbox.user('u1')?.tags).toEqual({ a: '1' });
  sandbox.fail({ status: 503 });
  const second = await send(url, ['a.json', '--config', 'config.mjs', '--attempts', '2', '--failed', 'failed.json']);
  expect(second.exitCode).toBe(1);
  expect(second.stdout).toContain('Given up: 1 unavailable');
  expect(JSON.parse(read('failed.json')).event.userId).toBe('u1');
});

test('accepts failed events that are not objects as input', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [42, 'text', null]);
  await send(url, ['a.json', '--failed', 'failed.json']);
  const again = await send(url, ['failed.json', '--failed', 'again.json']);
  expect(again.stdout).toContain('Failed: 3 invalid_event');
  const events = (name: string) =>
    read(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
  expect(events('again.json').map(String).sort()).toEqual(['42', 'null', 'text']);
});

test('stops at once when OneSignal refuses the key, which appears nowhere', async () => {
  const { url } = await startSandbox({ apiKey: 'right', unknownUsers: 'known' });
  await archive(
    'a.json',
    Array.from({ length: 300 }, (_, index) => identify(`u${index}`, { a: 1 })),
  );
  const env = { ONESIGNAL_API_KEY: 'os_v2_app_verysecretkey' };
  const { exitCode, stdout, stderr } = await send(url, ['a.json', '--checkpoint', 'c.json'], { env });
  // Not 2, which means that nothing was done: events may have been sent before.
  expect(exitCode).toBe(1);
  expect(stderr).toContain('OneSignal refuses the key');
  expect(`${stdout}${stderr}${read('c.json')}`).not.toContain('verysecret');
  const again = await send(url, ['a.json', '--checkpoint', 'c.json'], { env: { ONESIGNAL_API_KEY: 'right' } });
  expect(again.stdout).toContain('300 delivered');
});

test('continues after Ctrl-C where it stopped', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  const events = Array.from({ length: 1_500 }, (_, index) => identify(`u${index}`, { a: index }));
  await archive('a.json', events);
  const args = ['send', 'a.json', '--base-url', url, '--app-id', appId, '--checkpoint', 'c.json'];
  const run = startCli([...args, '--requests-per-second', '300'], { cwd: folder });
  while (sandbox.requests().length < 250) await new Promise((resolve) => setTimeout(resolve, 5));
  run.interrupt();
  expect(await run.exitCode).toBe(130);
  expect(run.stderr()).toContain('Finishing the requests in flight');
  expect(run.stdout()).toContain('Run the same command again to continue');
  const before = sandbox.requests().length;
  expect(sandbox.users().length).toBeLessThan(1500);
  const second = startCli(args, { cwd: folder });
  expect(await second.exitCode).toBe(0);
  expect(sandbox.users()).toHaveLength(1500);
  // Requests in flight were finished, so nothing is sent twice.
  expect(sandbox.requests()).toHaveLength(1500);
  expect(sandbox.requests().length).toBeGreaterThan(before);
  expect(existsSync(join(folder, 'c.json.journal'))).toBe(false);
  const third = startCli(args, { cwd: folder });
  expect(await third.exitCode).toBe(0);
  expect(third.stdout()).toContain('Everything was already sent');
});

test('a resumed run names the file with the events that failed before', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [{ type: 'identify', userId: 'u1', traits: 'none' }]);
  expect((await send(url, ['a.json', '--checkpoint', 'c.json'])).stdout).toContain('To send the failed events again');
  const checkpoint = JSON.parse(read('c.json'));
  await writeFile(join(folder, 'c.json'), JSON.stringify({ ...checkpoint, isFinished: false }));
  const again = await send(url, ['a.json', '--checkpoint', 'c.json']);
  expect(again.stdout).toContain('0 failed\n');
  expect(again.stdout).toContain('To send the events that failed before again');
});

test('the run stops when the checkpoint can no longer be written', async () => {
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  await mkdir(join(folder, 'state'));
  await archive(
    'a.json',
    Array.from({ length: 1_500 }, (_, index) => identify(`u${index}`, { a: index })),
  );
  const args = ['send', 'a.json', '--base-url', url, '--app-id', appId, '--checkpoint', 'state/c.json'];
  const run = startCli([...args, '--requests-per-second', '200', '--failed', 'f.json'], { cwd: folder });
  while (sandbox.requests().length < 50) await new Promise((resolve) => setTimeout(resolve, 5));
  await rm(join(folder, 'state'), { recursive: true });
  expect(await run.exitCode).toBe(1);
  expect(run.stderr()).toContain('state/c.json.new: no such file or folder.');
  expect(sandbox.users().length).toBeLessThan(1_500);
});

test('an edited checkpoint does not truncate another file, and an edited journal is ignored', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [identify('u1', { a: 1 }), 'not an event']);
  const resume = () => send(url, ['a.json', '--checkpoint', 'c.json']);
  await resume();
  const saved = { ...JSON.parse(read('c.json')), mark: undefined, isFinished: false };
  await archive('other.json', ['precious']);
  const path = join(folder, 'other.json');
  for (const failed of [{ path, bytes: 0 }, { path, bytes: -1 }, { path: 5, bytes: 0 }, 'other.json', null]) {
    await writeFile(join(folder, 'c.json'), JSON.stringify({ ...saved, failed }));
    expect(await resume()).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^Error: .* is not a /) });
  }
  expect(read('other.json')).toBe('"precious"\n');
  await writeFile(join(folder, 'c.json'), JSON.stringify(saved));
  await writeFile(join(folder, 'c.json.journal'), '["tags","u1",null]\n["tags","u1",{"a":"later"}]\n');
  expect((await resume()).stdout).toContain('1 delivered');
});

test('refuses the checkpoint of another run', async () => {
  const { url } = await startSandbox({ unknownUsers: 'known' });
  await archive('a.json', [identify('u1', { a: 1 })]);
  await archive('b.json', [identify('u2', { a: 1 })]);
  await send(url, ['a.json', '--checkpoint', 'c.json']);
  expect((await send(url, ['b.json', '--checkpoint', 'c.json'])).stderr).toContain('a run with other inputs');
  expect((await send(url, ['a.json', '--checkpoint', 'c.json', '--user', 'u1'])).stderr).toContain('other filters');
  expect((await send(url, ['a.json', '--checkpoint', 'c.json', '--compact'])).stderr).toContain('other --compact');
  expect((await send(url, ['a.json', '--checkpoint', 'a.json'])).stderr).toContain('is not a checkpoint');
  expect((await send(url, ['-', '--checkpoint', 'd.json'])).stderr).toContain('standard input cannot be read again');
});

test.each([[], ['--compact']])(
  '--dry-run counts events, needs no key, and sends and writes nothing (%s)',
  async (...flags) => {
    await archive('a.json', [
      identify('u1', { a: 1 }),
      identify('u1', { b: 2 }),
      { type: 'page' },
      { type: 'identify', traits: 3 },
    ]);
    const before = readdirSync(folder);
    const run = startCli(['send', 'a.json', '--dry-run', '--checkpoint', 'c.json', ...flags], { cwd: folder });
    expect(await run.exitCode).toBe(1);
    expect(run.stdout()).toContain('Dry run: nothing was sent.');
    expect(run.stdout()).toContain('2 to deliver, 1 skipped, 1 failed');
    expect(run.stdout()).toContain('1 request');
    expect(readdirSync(folder)).toEqual(before);
  },
);
