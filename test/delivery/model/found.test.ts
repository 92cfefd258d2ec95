import { expect, test } from 'vitest';
import type { Behaviour } from './network.js';
import { runScenario } from './run-scenario.js';
import type { Draft, Scenario, Step } from './scenario.js';

// Situations that random scenarios found, shrunk.

const ok: Behaviour = { kind: 'ok', upMs: 1, downMs: 1, retryAfter: '' };
const slow: Behaviour = { ...ok, upMs: 3_000 };
const outage: Behaviour = { ...ok, kind: 'unavailable' };

const scenario: Scenario = {
  isCalm: false,
  missingUser: 'create',
  mapping: {
    subscriptions: { email: true, sms: true, push: true },
    alias: { label: 'legacy' },
    deleteUsers: true,
  },
  concurrency: 64,
  requestsPerSecond: 1_000,
  retries: 0,
  timeoutMs: 30_000,
  hasSeen: true,
  order: 'memory',
  visibleAfterMs: 0,
  tagLimit: undefined,
  isLimitTold: false,
  existing: ['u1', 'u2'],
  steps: [],
  behaviours: [],
  waits: [0],
  regroup: 'alone',
};

function draft(kind: Draft['kind'], more: Partial<Draft> = {}): Draft {
  return {
    user: 'u1',
    kind,
    sets: [],
    removes: [],
    audience: 'vips',
    isMember: false,
    contact: 'none',
    consent: 'none',
    hasDevice: false,
    hasProfile: false,
    alias: 'p1',
    time: 'past',
    age: 1,
    isShared: false,
    isRepeated: false,
    ...more,
  };
}

function deliver(drafts: readonly Draft[], abortAfterMs?: number, deadlineMs = 120_000): Step {
  return { kind: 'deliver', drafts, deadlineMs, abortAfterMs };
}

const pass = (ms: number): Step => ({ kind: 'pass', ms });

test.each([
  { missingUser: 'create', behaviours: [slow] },
  { missingUser: 'skip', behaviours: [ok, slow] },
] as const)(
  '$missingUser: an address claimed in a merged write whose first caller has left, then by another user',
  async (given) => {
    const steps = [
      deliver([draft('identify', { contact: 'shared', sets: ['b'], age: 9 })], 1_500),
      deliver([draft('identify', { contact: 'phone', sets: ['a'], age: 8 })]),
      pass(1_600),
      deliver([draft('identify', { user: 'u2', contact: 'shared', age: 2 })]),
    ];
    expect(await runScenario({ ...scenario, ...given, steps, waits: [20_000] })).toEqual([]);
  },
);

test('a user whom we just created leaves an audience before the user is visible', async () => {
  const steps = [
    deliver([draft('audience', { isMember: true, age: 9 })]),
    pass(1_100),
    deliver([draft('audience', { isMember: false, age: 8 }), draft('identify', { contact: 'own', age: 7 })]),
  ];
  expect(await runScenario({ ...scenario, existing: ['u2'], visibleAfterMs: 5_000, steps })).toEqual([]);
});

test('a user whom we just created is deleted before the user is visible', async () => {
  const steps = [deliver([draft('identify', { sets: ['a'], age: 9 })]), pass(1_100), deliver([draft('delete')])];
  expect(await runScenario({ ...scenario, existing: ['u2'], visibleAfterMs: 5_000, steps })).toEqual([]);
});

test('the update of another event fails, and the subscription of this one would have created the user', async () => {
  const steps = [deliver([draft('identify', { removes: ['a'] }), draft('identify', { contact: 'own' })])];
  expect(await runScenario({ ...scenario, existing: ['u2'], steps, behaviours: [outage] })).toEqual([]);
});

test('a clock runs ahead: a later event from another device is merged with it', async () => {
  const steps = [
    deliver([draft('identify', { sets: ['c'], time: 'future' })]),
    pass(900),
    deliver([draft('identify', { sets: ['c'], time: 'recent' })]),
  ];
  expect(await runScenario({ ...scenario, steps, behaviours: [outage] })).toEqual([]);
});

test('a clock runs ahead: the event is redelivered together with its user’s deletion', async () => {
  const steps = [
    deliver([draft('identify', { sets: ['c'], time: 'future' })]),
    pass(500),
    deliver([draft('delete', { time: 'recent' })]),
  ];
  expect(await runScenario({ ...scenario, steps, behaviours: [outage], waits: [600] })).toEqual([]);
});

test('a clock runs ahead: its call ends before the event’s turn', async () => {
  const steps = [
    deliver([draft('identify', { sets: ['a'] })]),
    pass(10),
    deliver([draft('identify', { sets: ['c'], time: 'future' })], 100),
    pass(600),
    deliver([draft('identify', { sets: ['c'], time: 'recent' })]),
  ];
  expect(await runScenario({ ...scenario, steps, waits: [5_000] })).toEqual([]);
});

test('an older deletion of a user who was deleted already, then an event between the two', async () => {
  const steps = [
    deliver([draft('delete', { age: 1 })]),
    pass(2_000),
    deliver([draft('delete', { age: 9 })]),
    pass(2_000),
    deliver([draft('identify', { sets: ['a'], age: 5 })]),
  ];
  expect(await runScenario({ ...scenario, steps })).toEqual([]);
});
