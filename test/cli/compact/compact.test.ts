import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGroups } from '../../../src/cli/compact/read-groups.js';
import { formatRecord } from '../../../src/cli/compact/records.js';
import { defineMapping, type MappingOptions } from '../../../src/index.js';
import type { Sandbox, SandboxRequest } from '../../../src/sandbox/index.js';
import { simulate } from '../../../src/testing/index.js';
import { startSandbox } from '../../sandbox-server.js';
import { startCli } from '../send/start-cli.js';
import { randomEvents } from './random-events.js';

const known = ['u0', 'u1', 'u2', 'u3'];
const mapping = defineMapping({
  purchases: true,
  customEvents: ['Product Viewed'],
  subscriptions: { email: true },
  profile: ['language', 'timezone_id'],
  alias: { label: 'legacy_id' },
  deleteUsers: true,
});

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compact-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function compact(
  url: string,
  events: readonly unknown[],
  options: MappingOptions,
  args: readonly string[] = [],
  env = {},
) {
  await writeFile(join(folder, 'a.json'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await writeFile(
    join(folder, 'segment-onesignal.config.mjs'),
    `export default { delivery: { userIntervalMs: 0 }, mapping: ${JSON.stringify(options)} };`,
  );
  const app = ['--base-url', url, '--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10'];
  const run = startCli(['send', 'a.json', '--compact', ...app, ...args], { cwd: folder, env });
  return { exitCode: await run.exitCode, stdout: run.stdout(), stderr: run.stderr() };
}

/** Purchase totals, keyed by the path of the user. */
function purchasesOf(requests: readonly SandboxRequest[]): Record<string, number> {
  const bought: Record<string, number> = {};
  for (const { path, body, status } of requests) {
    const { purchases = [] } = Object(Object(body).deltas);
    // A write to a deleted user is refused, so it buys nothing.
    if (status !== 202) continue;
    const user = path.slice(path.indexOf('/users/'));
    for (const { count = 1 } of purchases) bought[user] = (bought[user] ?? 0) + count;
  }
  return bought;
}

function endOf(sandbox: Pick<Sandbox, 'users' | 'segments' | 'customEvents'>) {
  return {
    users: byName(sandbox.users().map((user) => ({ ...user, subscriptions: byName(user.subscriptions) }))),
    segments: byName(
      sandbox.segments().map(({ name, filters, members }) => ({ name, filters, members: members.toSorted() })),
    ),
    events: byName(sandbox.customEvents()),
  };
}

function byName(items: readonly object[]): object[] {
  return items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

// Sent in order of arrival, a late event of a deleted user is lost. With the whole archive known, it goes in its place.
const runs = Array.from({ length: 30 }, (_, seed) => [seed, seed % 2 === 0 ? 'late events' : 'deletions'] as const);

test.each(runs)('ends in the same state as sending in order (seed %i, with %s)', async (seed, disorder) => {
  const events = randomEvents(seed, 120, disorder);
  const plain = await simulate(events, { users: known, mapping });
  const { url, sandbox } = await startSandbox();
  for (const externalId of known) sandbox.addUser({ externalId });
  const { exitCode } = await compact(url, events, mapping);
  expect(exitCode).toBe(0);
  const users = Object.values(plain.users);
  const segments = Object.values(plain.segments);
  expect(endOf(sandbox)).toEqual(
    endOf({ users: () => users, segments: () => segments, customEvents: () => plain.customEvents }),
  );
  expect(purchasesOf(sandbox.requests())).toEqual(purchasesOf(plain.requests));
  expect(sandbox.requests().length).toBeLessThan(plain.requests.length);
});

test('a user costs one request, regardless of the number of events', async () => {
  const events = Array.from({ length: 2_000 }, (_, index) => ({
    type: 'identify',
    messageId: `m${index}`,
    userId: `u${index % 50}`,
    traits: { [`t${index % 7}`]: index },
    timestamp: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
  }));
  const { url, sandbox } = await startSandbox({ unknownUsers: 'known' });
  const { stdout } = await compact(url, events, {}, ['--temp-dir', folder]);
  expect(sandbox.requests()).toHaveLength(50);
  expect(stdout).toContain('50 requests for 50 users');
  expect(readdirSync(folder).filter((name) => name.startsWith('segment-onesignal-'))).toEqual([]);
});

test('--tags-only omits custom events and purchases, and nothing else', async () => {
  const events = randomEvents(99, 150, 'late events');
  const customEvents = { only: ['Product Viewed'], tags: 'replace' as const };
  const plain = await simulate(events, { users: known, mapping: { ...mapping, customEvents } });
  const { url, sandbox } = await startSandbox();
  for (const externalId of known) sandbox.addUser({ externalId });
  const { exitCode } = await compact(url, events, { ...mapping, customEvents }, ['--tags-only']);
  expect(exitCode).toBe(0);
  expect(sandbox.customEvents()).toEqual([]);
  expect(purchasesOf(sandbox.requests())).toEqual({});
  expect(byName(endOf(sandbox).users)).toEqual(
    byName(endOf({ users: () => Object.values(plain.users), segments: () => [], customEvents: () => [] }).users),
  );
});

test('a resumed run reuses the sorted events and removes them at the end', async () => {
  const { url, sandbox } = await startSandbox({ apiKey: 'right', unknownUsers: 'known' });
  const events = Array.from({ length: 300 }, (_, index) => ({
    type: 'identify',
    userId: `u${index}`,
    traits: { index },
  }));
  const parts = join(folder, 'c.json.parts');
  const first = await compact(url, events, {}, ['--checkpoint', 'c.json'], { ONESIGNAL_API_KEY: 'wrong' });
  expect(first.stderr).toContain('OneSignal refuses the key');
  expect(existsSync(join(parts, 'sorted'))).toBe(true);
  const second = await compact(url, events, {}, ['--checkpoint', 'c.json'], { ONESIGNAL_API_KEY: 'right' });
  expect(second.stdout).toContain('300 delivered');
  expect(sandbox.users()).toHaveLength(300);
  expect(existsSync(parts)).toBe(false);
});

test('the events of an oversized bucket are split into smaller buckets, and stay in order', async () => {
  const path = join(folder, '000.bucket');
  const records = Array.from({ length: 3_000 }, (_, index) =>
    formatRecord(`k${index % 300}`, index, { file: 'a.json', line: index, event: { index, text: '\u2028\t' } }),
  );
  await writeFile(path, `${records.join('\n')}\n`);
  const keys: string[] = [];
  for await (const { key, events } of readGroups(path, 10_000)) {
    keys.push(key);
    expect(events.map(({ line }) => line)).toEqual(
      Array.from({ length: 10 }, (_, index) => index * 300 + Number(key.slice(1))),
    );
    expect(events[0]?.event).toMatchObject({ text: '\u2028\t' });
  }
  expect(new Set(keys).size).toBe(300);
  expect(keys).toHaveLength(300);
  expect(readdirSync(folder)).toEqual(['000.bucket']);
});
