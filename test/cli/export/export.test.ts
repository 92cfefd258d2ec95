import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runExport } from '../../../src/cli/export/run-export.js';
import { defineMapping, toRequest } from '../../../src/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import { simulate } from '../../../src/testing/index.js';
import { randomEvents } from '../compact/random-events.js';
import { startCli } from '../send/start-cli.js';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const known = ['u0', 'u1', 'u2', 'u3'];
const mapping = defineMapping({ profile: ['language', 'timezone_id'] });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function exportEvents(events: readonly unknown[], options: object = {}, flags: readonly string[] = []) {
  await writeFile(join(folder, 'a.json'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await writeFile(join(folder, 'mapping.json'), JSON.stringify(options));
  const run = startCli(['export', 'a.json', '--csv', 'out', '--mapping', 'mapping.json', ...flags], { cwd: folder });
  return { exitCode: await run.exitCode, stdout: run.stdout(), stderr: run.stderr() };
}

function rows(): Record<string, string>[] {
  return readdirSync(join(folder, 'out'))
    .toSorted()
    .flatMap((name) => parse<Record<string, string>>(readFileSync(join(folder, 'out', name)), { columns: true }));
}

const channelOff = (key: string) => ({
  context: { messaging_subscriptions: [{ key, type: 'EMAIL', status: 'UNSUBSCRIBED' }] },
});
const identify = (userId: string, traits: object) => ({ type: 'identify', userId, traits });

test('an export without users says why', async () => {
  const page = { type: 'page', userId: 'u1' };
  expect(await exportEvents([page], {}, ['--user', 'u2'])).toEqual({
    exitCode: 0,
    stdout: '0 users in 0 files\n',
    stderr: 'Warning: No file was written: the event does not match --user.\n',
  });
  expect(await exportEvents([page, page])).toEqual({
    exitCode: 0,
    stdout: '0 users in 0 files\nSkipped: 2 unsupported_type\n',
    stderr: 'Warning: No file was written: no event sets anything that the import takes.\n',
  });
});

test.each([1, 2, 3, 4, 5, 6])('importing the files creates the same users as sending (seed %i)', async (seed) => {
  const events = randomEvents(seed, 150, 'late events');
  const plain = await simulate(events, { users: known, mapping });
  expect((await exportEvents(events, mapping)).exitCode).toBe(0);
  const sandbox = createSandbox();
  for (const externalId of known) sandbox.addUser({ externalId });
  const profiles: Record<string, unknown> = {};
  for (const { external_id = '', tags = '', language = '', timezone_id = '' } of rows()) {
    const user = { label: 'external_id', id: external_id };
    const update = toRequest({ type: 'update_user', user, tags: JSON.parse(tags) }, appId);
    await sandbox.fetch(`https://api.onesignal.com${update.path}`, {
      method: update.method,
      body: JSON.stringify(update.body),
    });
    if (known.includes(external_id)) profiles[external_id] = { language, timezone_id };
  }
  const sent = Object.values(plain.users).map(({ externalId, tags }) => ({ externalId, tags }));
  expect(sandbox.users().map(({ externalId, tags }) => ({ externalId, tags }))).toEqual(sent);
  const sentProfiles: Record<string, object> = {};
  for (const { path, body } of plain.requests) {
    const { language, timezone_id } = Object(Object(body).properties);
    const id = path.split('/').at(-1) ?? '';
    if (known.includes(id))
      sentProfiles[id] = {
        language: '',
        timezone_id: '',
        ...sentProfiles[id],
        ...(language ? { language } : {}),
        ...(timezone_id ? { timezone_id } : {}),
      };
  }
  expect(profiles).toEqual(sentProfiles);
});

test('escapes quotes, commas and line breaks, and writes ASCII only', async () => {
  const tags = { quote: 'say "hi", Ada\nBye', city: 'Zürich 🏔', gone: null };
  await exportEvents([identify('u,1', tags)]);
  const [row] = rows();
  expect(row?.external_id).toBe('u,1');
  expect(JSON.parse(row?.tags ?? '')).toEqual({ quote: 'say "hi", Ada\nBye', city: 'Zürich 🏔', gone: '' });
  // Only line feeds and printable ASCII.
  expect(/^[\n\x20-\x7e]*$/.test(readFileSync(join(folder, 'out/users-001.csv'), 'utf8'))).toBe(true);
});

test('--columns turns each tag into a column, and says what a blank cell cannot express', async () => {
  const { stdout } = await exportEvents(
    [identify('u1', { plan: 'pro', old: null }), identify('u2', { city: 'Wien', town: 'Gföhl' })],
    {},
    ['--columns'],
  );
  expect(rows().toSorted((one, other) => (String(one.external_id) < String(other.external_id) ? -1 : 1))).toEqual([
    { external_id: 'u1', language: '', country: '', timezone_id: '', city: '', plan: 'pro' },
    { external_id: 'u2', language: '', country: '', timezone_id: '', city: 'Wien', plan: '' },
  ]);
  expect(stdout).toContain('removals of tags: 1');
  expect(stdout).toContain('tags that are not ASCII: 1');
  expect(stdout).toContain('Leave "Delete tags with blank values" off');
});

test('says what the import does not support', async () => {
  const { stdout } = await exportEvents(
    [
      identify('ü1', { a: 1 }),
      identify('u2', { email: 'ada@example.com', a: 1 }),
      { type: 'delete', userId: 'u3' },
      { type: 'track', event: 'Audience Entered', userId: 'u2', properties: { audience_key: 'vip', vip: true } },
    ],
    { subscriptions: { email: true }, deleteUsers: true },
  );
  for (const text of [
    'users whose id is not ASCII: 1',
    'deletions of users: 1',
    'segments, each with the filter on its tag: vip',
  ])
    expect(stdout).toContain(text);
  expect(rows().map(({ external_id }) => external_id)).toEqual(['u2']);
});

test('email and phone columns contain the latest address of each user, unless another user has taken it over', async () => {
  const at = (minute: number) => ({ timestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() });
  const { stdout } = await exportEvents(
    [
      { ...identify('u1', { email: 'old@example.com', a: 1 }), ...at(1) },
      { ...identify('u1', { email: 'Ada@example.com', phone: '+43155501234' }), ...at(2) },
      { ...identify('u2', { email: 'ada@example.com', a: 2 }), ...at(3) },
      { ...identify('u3', { email: 'off@example.com', a: 3 }), ...at(4), ...channelOff('off@example.com') },
      { ...identify('u4', { email: 'on@example.com' }), ...at(5) },
    ],
    { subscriptions: { email: true, sms: true } },
  );
  const found = rows().toSorted((one, other) => (String(one.external_id) < String(other.external_id) ? -1 : 1));
  expect(found.map(({ external_id, email, phone_number }) => [external_id, email, phone_number])).toEqual([
    ['u1', '', '+43155501234'],
    ['u2', 'ada@example.com', ''],
    ['u3', '', ''],
    ['u4', 'on@example.com', ''],
  ]);
  expect(stdout).toContain('earlier email addresses and phone numbers of a user: 1');
  expect(stdout).toContain('email addresses and phone numbers that are unsubscribed: 1');
});

test('there are no address columns unless the mapping turns addresses into subscriptions', async () => {
  await exportEvents([identify('u1', { email: 'ada@example.com', a: 1 })]);
  expect(Object.keys(rows()[0] ?? {})).toEqual(['external_id', 'language', 'country', 'timezone_id', 'tags']);
});

test('splits the output into files, each with a header', async () => {
  const events = Array.from({ length: 100 }, (_, index) => identify(`u${index}`, { text: 'x'.repeat(50) }));
  await exportEvents(events);
  const whole = rows();
  await rm(join(folder, 'out'), { recursive: true });
  const { stdout, ...terminal } = quietTerminal();
  await runExport(['a.json'], { csv: 'out' }, { ...terminal, stdout }, { bytes: 2_000, rows: 12 });
  const files = readdirSync(join(folder, 'out'));
  expect(files.length).toBeGreaterThan(8);
  for (const name of files) {
    const text = readFileSync(join(folder, 'out', name), 'utf8');
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(13);
  }
  expect(rows()).toEqual(whole);
  expect((await exportEvents(events)).stderr).toContain('of an earlier export');
});

test('events that fail make the exit code 1', async () => {
  const { exitCode, stdout } = await exportEvents([
    identify('u1', { a: 1 }),
    { type: 'identify', userId: 'u2', traits: 7 },
  ]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('events that fail: 1');
  expect(rows().map(({ external_id }) => external_id)).toEqual(['u1']);
});

test('leaves no files behind when it is stopped', async () => {
  const events = Array.from({ length: 100 }, (_, index) => identify(`u${index}`, { text: 'x'.repeat(50) }));
  await exportEvents(events);
  await rm(join(folder, 'out'), { recursive: true });
  const { signal } = new AbortController();
  // Checked before each bucket of users: the first buckets are written by then.
  signal.throwIfAborted = () => {
    if (readdirSync(folder).includes('out') && readdirSync(join(folder, 'out')).length > 0) throw new Error('stopped');
  };
  await expect(runExport(['a.json'], { csv: 'out' }, { ...quietTerminal(), signal })).rejects.toThrow('stopped');
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});

function quietTerminal() {
  const output = { write: () => undefined };
  const paint = (text: string) => text;
  return {
    stdout: output,
    stderr: output,
    stdin: (async function* () {})(),
    isInteractive: false,
    columns: 80,
    style: { good: paint, warn: paint, bad: paint, bold: paint, dim: paint },
    env: {},
    cwd: folder,
    signal: new AbortController().signal,
  };
}

test('a tag with the name of a property that every object has becomes a column like any other', async () => {
  const events = [
    identify('u1', { constructor: 'a', toString: 'b', plan: 'pro' }),
    identify('u2', JSON.parse('{"__proto__":"c"}')),
    identify('u3', { plan: 'free' }),
  ];
  expect(await exportEvents(events, {}, ['--columns'])).toMatchObject({ exitCode: 0, stderr: '' });
  const tagsOf = ({ external_id, language, country, timezone_id, ...tags }: Record<string, string>) =>
    [external_id, Object.entries(tags).filter(([, value]) => value !== '')] as const;
  expect(Object.fromEntries(rows().map(tagsOf))).toEqual({
    u1: [
      ['constructor', 'a'],
      ['plan', 'pro'],
      ['toString', 'b'],
    ],
    u2: [['__proto__', 'c']],
    u3: [['plan', 'free']],
  });
});
