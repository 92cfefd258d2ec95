import { readFileSync } from 'node:fs';
import { mapEvent } from 'segment-onesignal';
import { expect, test } from 'vitest';
import { readReasons } from '../../../docs/.site/playground/data/read-reasons.js';
import { compareRecords } from '../../../docs/.site/playground/model/changes.js';
import { firstState } from '../../../docs/.site/playground/model/first-state.js';
import { rowsOf } from '../../../docs/.site/playground/model/plan-rows.js';
import { answer } from '../../../docs/.site/playground/model/result.js';
import { buildSample, sampleGroups } from '../../../docs/.site/playground/model/samples.js';
import { loadState, saveState } from '../../../docs/.site/playground/model/saved-state.js';
import { root } from '../../code-blocks.js';

const first = firstState();
const events: unknown[] = first.events.map((text) => JSON.parse(text));
const question = { events, mapping: JSON.parse(first.mapping), users: 'every' } as const;

test('stepping back and forth shows the users and segments after each step, and what it changed', async () => {
  const states: string[] = [];
  for (const index of [0, 1, 3, 1]) {
    const { onesignal } = await answer({ ...question, index });
    const tag = onesignal.users[0]?.tags.find(({ name }) => name === 'shop_big_spenders');
    const [segment] = onesignal.segments;
    const members = segment?.members.map(({ name, change }) => `${name} ${change}`).join();
    states.push(`${tag?.change ?? 'no tag'}, ${segment?.name ?? 'no segment'}, ${members ?? 'no members'}`);
  }
  expect(states).toEqual([
    'no tag, no segment, no members',
    'added, Big Spenders, user-1 added',
    'removed, Big Spenders, user-1 removed',
    'added, Big Spenders, user-1 added',
  ]);
});

test('if OneSignal has no users, the outcome says so and no user is created', async () => {
  const { plan, outcome, onesignal } = await answer({ ...question, index: 0, users: 'none' });
  expect(plan.status).toBe('planned');
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
  expect(onesignal.users).toEqual([]);
});

test('an input that is not an event fails, and does not prevent the other events from running', async () => {
  const { plan, outcome, onesignal } = await answer({ ...question, events: [events[0], undefined, 'x'], index: 2 });
  expect([plan.status, outcome?.status]).toEqual(['failed', 'failed']);
  expect(onesignal.users.map(({ id }) => id)).toEqual(['user-1']);
});

test('an older event is planned, but delivery drops what it would overwrite', async () => {
  const late = {
    ...Object(events[0]),
    traits: { plan: 'free' },
    messageId: 'late',
    timestamp: '2026-01-01T00:00:00Z',
    receivedAt: '2026-03-02T09:02:00Z',
  };
  const { plan, outcome } = await answer({ ...question, events: [events[0], late], index: 1 });
  expect(plan.status).toBe('planned');
  expect(outcome).toMatchObject({ status: 'skipped', reason: 'stale' });
});

test('every operation of every sample has its own lines', () => {
  const mapping = {
    subscriptions: { email: true, sms: true, push: true },
    profile: true,
    group: true,
    page: 'custom_event',
    screen: 'custom_event',
    alias: { label: 'legacy_id' },
    deleteUsers: true,
    purchases: true,
    customEvents: true,
  } as const;
  const operations = sampleGroups
    .flatMap(({ samples }) => samples.map(({ builder }) => JSON.parse(buildSample(builder, []))))
    .flatMap((event) => mapEvent(event, mapping).operations);
  const kinds = new Set(operations.flatMap(rowsOf).map(({ sign, kind }) => sign + kind));
  expect([...kinds].sort()).toEqual(
    [
      ...['+alias', '+custom event', '+profile', '+purchase', '+segment', '+subscription', '+tag'],
      ...['-tag', '-user'],
    ].sort(),
  );
});

test('every skip and drop reason has a text and advice, and every code has an anchor on the errors page', () => {
  const reasons = Object.values(readReasons());
  const page = readFileSync(`${root}/docs/errors.md`, 'utf8');
  expect(reasons.length).toBeGreaterThan(50);
  expect(reasons.filter(({ anchor }) => !page.includes(`<a id="${anchor}"></a>`))).toEqual([]);
  const withText = reasons.filter(({ text }) => text !== undefined);
  expect(withText.map(({ anchor }) => anchor.split('-')[0])).toEqual(expect.arrayContaining(['skip', 'drop']));
  expect(reasons.filter(({ anchor, text }) => /^(?:skip|drop)-/.test(anchor) !== (text !== undefined))).toEqual([]);
  expect(withText.filter(({ text }) => !/\.$/.test(text?.advice ?? '') || (text?.when.length ?? 0) < 10)).toEqual([]);
});

test('records are compared name by name, including __proto__', () => {
  const before: Record<string, string> = JSON.parse('{ "a": "1", "b": "1", "__proto__": "1" }');
  const after: Record<string, string> = JSON.parse('{ "b": "2", "c": "1", "__proto__": "1" }');
  expect(compareRecords(before, after)).toEqual([
    { name: '__proto__', value: '1', change: 'same' },
    { name: 'a', value: '1', change: 'removed' },
    { name: 'b', value: '2', change: 'changed' },
    { name: 'c', value: '1', change: 'added' },
  ]);
});

test('the state survives a reload, unless storage refuses it', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  expect(loadState(storage)).toBeUndefined();
  saveState(storage, first);
  expect(loadState(storage)).toEqual(first);
  for (const key of stored.keys()) stored.set(key, '{');
  expect(loadState(storage)).toBeUndefined();
  const refusing = {
    getItem(): never {
      throw new Error('denied');
    },
    setItem(): never {
      throw new Error('full');
    },
  };
  saveState(refusing, first);
  expect(loadState(refusing)).toBeUndefined();
});
