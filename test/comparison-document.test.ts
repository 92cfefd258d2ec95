import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome, Plan } from '../src/index.js';
import { root } from './code-blocks.js';
import { startDestination } from './delivery/sandbox-destination.js';
import { wordsOf } from './plan-words.js';

const text = readFileSync(join(root, 'docs', 'comparison.md'), 'utf8');
const [, lines = ''] = /^```json\n([\s\S]*?)^```/m.exec(text) ?? [];
const events: Record<string, unknown>[] = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const rows = text
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split(' | '));

/** The result for one event: the words of its plan, then the drops and warnings that delivery adds. */
function cellOf(plan: Plan, outcome: Outcome): string {
  const lost = outcome.dropped.filter(({ path }) => !plan.dropped.some((drop) => drop.path === path));
  const added = lost.map(({ path, reason }) => `dropped: ${path} ${reason}`);
  return [...wordsOf(plan), ...added].map((words) => `\`${words}\``).join(', ');
}

test('the twelve events have the results that docs/comparison.md states for this library', async () => {
  const users = events.flatMap(({ userId }) => (typeof userId === 'string' ? [userId] : []));
  const { sandbox, destination } = await startDestination({ users, sandbox: { tagLimit: 2 } });
  sandbox.addUser({ externalId: 'u12', tags: { plan: 'free', seats: '1' } });
  const { plans } = destination.plan(events);
  const outcomes = await destination.deliver(events);
  const cells = events.map((_, index) => {
    const [plan, outcome] = [plans[index], outcomes[index]];
    return plan === undefined || outcome === undefined ? '' : cellOf(plan, outcome);
  });
  expect(rows.map((row) => row[2])).toEqual(cells);
  expect(outcomes.map(({ status }) => status).filter((status) => status !== 'delivered')).toEqual([
    'skipped',
    'skipped',
    'skipped',
  ]);
  expect(sandbox.user('u12')?.tags).toEqual({ plan: 'pro', seats: '5' });
});

test('every claim about others cites a listed source', () => {
  const given = [...text.matchAll(/^\[([\w -]+)\]: https:\/\//gm)].map((match) => match[1]);
  const cited = new Set([...text.replace(/^\[.*$/gm, '').matchAll(/\[([\w -]+)\](?!\()/g)].map((match) => match[1]));
  expect([...cited].filter((name) => !given.includes(name))).toEqual([]);
  expect(given.filter((name) => !cited.has(name))).toEqual([]);
  expect(rows).toHaveLength(12);
});
