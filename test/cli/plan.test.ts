import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createUserSample } from '../../src/cli/plan/user-sample.js';
import { createEvents } from '../../src/testing/index.js';
import { createFolder } from './folder.js';
import { cli, piped } from './run-cli.js';

const ndjson = (events: readonly unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

function someEvents(): unknown[] {
  const { identify, track, audience, page } = createEvents();
  return [
    identify({ userId: 'u1' }),
    identify({ userId: 'u1' }),
    track('Plan Changed', { userId: 'u2', properties: { plan: 'team' } }),
    audience.entered('vip', { userId: 'u2' }),
    page(),
    track('Seen', { userId: null }),
    { userId: 'u3' },
  ];
}

test('shows each event, and a summary of what all of them would do to the account', async () => {
  const cwd = createFolder({ 'e.ndjson': ndjson(someEvents()) });
  const { exitCode, stdout } = await cli(['plan', 'e.ndjson', '--tag-limit', '3'], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('e.ndjson:3  Plan Changed      u2: + tag plan = "team"\n');
  expect(stdout).toMatch(/ total +7 +4 +2 +1\n/);
  expect(stdout).toMatch(/ unsupported_type +1 {2}e\.ndjson:5\n/);
  expect(stdout).toContain('missing_type  1 event, first in e.ndjson:7\n    The event has no "type".');
  expect(stdout).toMatch(/ identifier +\d {2}e\.ndjson:1 {2}traits\.email\n/);
  expect(stdout).toMatch(/ plan +2 {2}"pro", "team"\n/);
  expect(stdout).toContain('2 users, with up to 4 tags each\n  1 with more than 3 tags\n');
  // Two identifies of one user, one track, one audience with its segment; merged, each user has one write.
  expect(stdout).toMatch(/each event by itself +5 +2 s\n/);
  expect(stdout).toMatch(/merged within 1,000 events +3 +1 s\n/);
  expect(stdout).toMatch(/delivery\.unchanged: 'skip' +3 +1 s\n/);
});

test('counts the operations other than tags, and names the segments', async () => {
  const { identify, track, audience } = createEvents();
  const events = [identify(), identify(), track('Paid'), audience.entered('vip'), audience.entered('vip')];
  const mapping = { subscriptions: { email: true }, customEvents: ['Paid'] };
  const cwd = createFolder({ 'e.ndjson': ndjson(events), 'm.json': JSON.stringify(mapping) });
  const { stdout } = await cli(['plan', 'e.ndjson', '--mapping', 'm.json'], { cwd });
  expect(stdout).toMatch(/Besides tags\n.*\n {2}subscriptions +2\n {2}custom events +1\n {2}segments +1 {2}vip\n/);
});

test('a call with a blank event name is shown by its type', async () => {
  const cwd = createFolder({ 'e.json': '{"type":"identify","event":"","userId":"u1","traits":{"a":1}}' });
  const { stdout } = await cli(['plan', 'e.json'], { cwd });
  expect(stdout).toMatch(/ e\.json:1 +identify +u1/);
});

test('file positions are shown in full if there is room', async () => {
  const cwd = createFolder({ 'segment-logs/q1/1732492800000/e.ndjson': ndjson(someEvents()) });
  const { stdout } = await cli(['plan', 'segment-logs', '--show', '0'], { cwd });
  expect(stdout).toMatch(/ unsupported_type +1 {2}segment-logs\/q1\/1732492800000\/e\.ndjson:5\n/);
});

test('without failed events the exit code is 0', async () => {
  const cwd = createFolder({ 'e.json': JSON.stringify(createEvents().identify()) });
  expect((await cli(['plan', 'e.json'], { cwd })).exitCode).toBe(0);
});

test('an input without events is a warning, and prints no empty tables', async () => {
  const cwd = createFolder({ 'e.ndjson': '\n' });
  const warning = 'Warning: The input has no events.\n';
  expect(await cli(['plan', 'e.ndjson'], { cwd })).toEqual({ exitCode: 0, stdout: '', stderr: warning });
  expect(await cli(['plan', '--json'], { cwd })).toEqual({ exitCode: 0, stdout: '', stderr: warning });
});

test('lines that cannot be read are listed where they are', async () => {
  const cwd = createFolder({ 'e.ndjson': `{broken\n${ndjson(someEvents())}` });
  const { stdout } = await cli(['plan', 'e.ndjson'], { cwd });
  expect(stdout).toMatch(/ e\.ndjson:1 +\? +unreadable: Not JSON\n/);
  expect(stdout).not.toContain('more event');
  expect((await cli(['plan', 'e.ndjson', '--show', '1'], { cwd })).stdout).toContain('… and 7 more events.');
});

test('each kind of unreadable data is listed with its first position', async () => {
  const cwd = createFolder({ 'a.ndjson': '{broken\n{broken\n{"type":"page"' });
  writeFileSync(join(cwd, 'b.gz'), gzipSync(ndjson(someEvents())).subarray(0, 200));
  const { stdout } = await cli(['plan', 'a.ndjson', 'b.gz'], { cwd });
  expect(stdout).toContain('unreadable  2 events, first in a.ndjson:1\n    Not JSON\n');
  expect(stdout).toContain('unreadable  1 event, first in a.ndjson:3\n    The file ends in the middle of this event\n');
  expect(stdout).toContain('unreadable  1 event, first in b.gz\n    The gzip data is damaged or truncated\n');
});

test('--json prints one plan per line, with the summary kept separate', async () => {
  const cwd = createFolder({ 'e.ndjson': `${ndjson(someEvents())}{broken\n` });
  const { stdout, stderr } = await cli(['plan', 'e.ndjson', '--json'], { cwd });
  const plans = stdout
    .trim()
    .split('\n')
    .map((line): { status: string } => JSON.parse(line));
  expect(plans.map(({ status }) => status)).toEqual([
    ...['planned', 'planned', 'planned', 'planned', 'skipped', 'skipped', 'failed', 'failed'],
  ]);
  expect(plans[6]).toMatchObject({ error: { code: 'missing_type', file: 'e.ndjson', line: 7 } });
  expect(plans[7]).toMatchObject({ error: { code: 'unreadable', file: 'e.ndjson', line: 8 } });
  expect(stderr).toContain('unreadable  1 event, first in e.ndjson:8\n    Not JSON\n');
});

test('reads stdin and gzip, and a mapping changes the plan', async () => {
  const cwd = createFolder({ 'm.json': '{"prefix":"shop_"}' });
  const event = createEvents().track('Plan Changed', { properties: { plan: 'team' } });
  writeFileSync(join(cwd, 'e.json.gz'), gzipSync(JSON.stringify([event])));
  const options = { cwd, stdin: piped(JSON.stringify(event)) };
  expect((await cli(['plan'], options)).stdout).toContain('stdin:1  Plan Changed  user-1: + tag plan = "team"');
  const { stdout } = await cli(['plan', 'e.json.gz', '--mapping', 'm.json'], { cwd });
  expect(stdout).toContain('+ tag shop_plan = "team"');
});

test('with unchanged, values that OneSignal already has need no request', async () => {
  const { identify } = createEvents({ everyMs: 60_000 });
  const events = Array.from({ length: 2_500 }, () => identify({ userId: 'u1' }));
  const cwd = createFolder({ 'e.ndjson': ndjson(events) });
  const { stdout } = await cli(['plan', 'e.ndjson', '--show', '0'], { cwd });
  expect(stdout).toMatch(/^Events\n/);
  expect(stdout).toMatch(/each event by itself +2,500 +42 min\n/);
  expect(stdout).toMatch(/merged within 1,000 events +3 +3 s\n/);
  expect(stdout).toMatch(/delivery\.unchanged: 'skip' +1 +1 s\n/);
});

test('the sample of users stays bounded, and its estimates are close', () => {
  const sample = createUserSample(1_000);
  for (let round = 0; round < 2; round++)
    for (let user = 0; user < 50_000; user++) {
      const found = sample.find(`external_id\nuser-${user}`);
      if (found !== undefined && user % 4 === 0) found.tags = 'x';
    }
  const users = [...sample.users()];
  expect(users.length).toBeLessThanOrEqual(1_000);
  expect(sample.isComplete()).toBe(false);
  expect(Math.abs(sample.estimate(users.length) - 50_000)).toBeLessThan(7_500);
  const tagged = users.filter(({ tags }) => tags !== '').length;
  expect(Math.abs(sample.estimate(tagged) - 12_500)).toBeLessThan(3_000);
});
