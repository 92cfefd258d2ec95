import { describe, expect, test } from 'vitest';
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
  unchanged: 'send',
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

test('an event is done when its call is aborted because of another one: nothing of it is sent again', async () => {
  const steps = [deliver([draft('identify', { sets: ['a'] }), draft('identify', { user: 'u2', sets: ['a'] })], 100)];
  expect(await runScenario({ ...scenario, steps, behaviours: [ok, slow] })).toEqual([]);
});

test('an event is redelivered while the write of its earlier delivery is in flight for another call', async () => {
  const steps = [
    deliver([draft('identify', { sets: ['a'], age: 9 })], 1_500),
    deliver([draft('identify', { sets: ['b'], age: 8 })]),
  ];
  expect(await runScenario({ ...scenario, steps, behaviours: [slow] })).toEqual([]);
});

test('the custom event of a user who is deleted before its redelivery', async () => {
  const steps = [deliver([draft('track', { sets: ['a'], time: 'future' }), draft('delete', { time: 'recent' })])];
  const mapping = { ...scenario.mapping, customEvents: true };
  expect(await runScenario({ ...scenario, mapping, steps, behaviours: [ok, { ...ok, kind: 'cut after' }] })).toEqual(
    [],
  );
});

test('a tag of an unknown user is set and removed in the same write: the user is still created', async () => {
  const steps = [deliver([draft('identify', { sets: ['a'], age: 9 }), draft('identify', { removes: ['a'], age: 8 })])];
  expect(await runScenario({ ...scenario, existing: ['u2'], steps })).toEqual([]);
});

test('the purchase of a user who is deleted before its redelivery, after its tag had created the user', async () => {
  const steps = [deliver([draft('order', { age: 9 }), draft('delete', { age: 8 })])];
  const mapping = { ...scenario.mapping, purchases: true };
  const cut: Behaviour = { ...ok, kind: 'cut after' };
  expect(await runScenario({ ...scenario, mapping, existing: ['u2'], steps, behaviours: [ok, cut, cut] })).toEqual([]);
});

test('the removal of a user who is deleted before its redelivery, after its subscription had created the user', async () => {
  const steps = [
    deliver([draft('identify', { removes: ['firstName'], contact: 'own', time: 'future' })]),
    deliver([draft('delete', { time: 'recent' })]),
  ];
  const behaviours: Behaviour[] = [ok, { ...ok, kind: 'cut after' }];
  expect(await runScenario({ ...scenario, existing: ['u2'], retries: 2, steps, behaviours })).toEqual([]);
});

test('the answer to the creation of a user is lost, and the address belongs to another user before the redelivery', async () => {
  const steps = [
    deliver([draft('identify', { contact: 'shared', age: 9 })]),
    pass(1_000),
    deliver([draft('identify', { user: 'u2', contact: 'shared', age: 8 })]),
  ];
  const behaviours: Behaviour[] = [{ ...ok, kind: 'cut after' }];
  expect(await runScenario({ ...scenario, existing: ['u2'], steps, behaviours, waits: [5_000] })).toEqual([]);
});

test('an event that is done is handed out once more in the same millisecond', async () => {
  const steps = [deliver([draft('track', { sets: ['a'], isRepeated: true })])];
  const mapping = { ...scenario.mapping, customEvents: true };
  const behaviours = [ok, slow, { ...ok, upMs: 0 }];
  expect(await runScenario({ ...scenario, mapping, steps, behaviours })).toEqual([]);
});

test('two users claim a device at the same time, then an older claim of the first one arrives', async () => {
  const steps = [
    deliver([draft('identify', { hasDevice: true, time: 'future' })]),
    deliver([draft('identify', { user: 'u2', hasDevice: true, time: 'future' })]),
    pass(3_000),
    deliver([draft('identify', { hasDevice: true, age: 9 })]),
  ];
  expect(await runScenario({ ...scenario, isCalm: true, steps })).toEqual([]);
});

describe('when tags run out', () => {
  const full = ['b', 'c', 'firstName'];

  test('the tags of two users are read one second apart, even if the first read is slow to arrive', async () => {
    const steps = [deliver([draft('identify', { sets: full }), draft('identify', { user: 'u2', sets: full })])];
    const behaviours = [ok, ok, { ...ok, upMs: 900 }];
    expect(await runScenario({ ...scenario, tagLimit: 2, steps, behaviours })).toEqual([]);
  });

  test('an event whose call has ended takes no room from the one that it was merged with', async () => {
    const steps = [
      deliver([draft('identify', { sets: ['a'], age: 9 })]),
      pass(10),
      deliver([draft('audience', { isMember: true, age: 8 })], undefined, 1_200),
      deliver([draft('identify', { sets: ['b', 'firstName'], age: 7 })]),
    ];
    expect(await runScenario({ ...scenario, tagLimit: 3, steps, waits: [20_000] })).toEqual([]);
  });

  test('the answer to a removal is lost: its room is still free', async () => {
    const steps = [
      deliver([draft('identify', { sets: full, age: 9 })]),
      pass(5_000),
      deliver([draft('identify', { removes: ['b'], age: 8 })]),
      pass(2_000),
      deliver([draft('identify', { sets: ['c'], age: 7 })]),
    ];
    const behaviours = [ok, ok, ok, ok, { ...ok, kind: 'cut after' as const }];
    expect(await runScenario({ ...scenario, tagLimit: 3, steps, behaviours, waits: [20_000] })).toEqual([]);
  });

  test('no limit is learned from a user who is not visible yet', async () => {
    const steps = [
      deliver([draft('identify', { user: 'u3', sets: ['a', 'firstName'], age: 9 })]),
      pass(1_100),
      deliver([draft('identify', { user: 'u3', sets: ['b', 'c'], removes: ['absent'], age: 8 })]),
      pass(5_000),
      deliver([draft('identify', { sets: ['b', 'c'], age: 7 })]),
    ];
    expect(await runScenario({ ...scenario, tagLimit: 3, visibleAfterMs: 50_000, steps })).toEqual([]);
  });

  test('a caller has left before a request whose answer is lost: the tags that fit are still written', async () => {
    const steps = [
      deliver([draft('identify', { user: 'u3', sets: ['a', 'c', 'firstName'] })]),
      deliver([draft('identify', { user: 'u3', sets: ['b'] })], undefined, 20),
    ];
    const behaviours: Behaviour[] = [ok, { ...ok, downMs: 19 }, { ...ok, kind: 'portal' }];
    expect(await runScenario({ ...scenario, retries: 2, tagLimit: 2, steps, behaviours })).toEqual([]);
  });

  test('tags that need no request leave the interval between the writes that follow', async () => {
    const steps = [
      deliver([draft('identify', { sets: full, age: 9 })]),
      pass(5_000),
      deliver([draft('identify', { sets: ['c'], contact: 'own', age: 8 }), draft('alias', { age: 7 })]),
    ];
    expect(await runScenario({ ...scenario, tagLimit: 2, steps })).toEqual([]);
  });

  test('a removal whose answer is lost is merged with a later event that sets the tag, which finds no room', async () => {
    const steps = [
      deliver([draft('identify', { sets: ['b'], removes: ['a'], age: 9 })]),
      pass(100),
      deliver([draft('identify', { sets: ['a', 'firstName'], age: 8 })]),
    ];
    const behaviours = [{ ...ok, kind: 'cut after' as const }];
    expect(await runScenario({ ...scenario, tagLimit: 2, steps, behaviours })).toEqual([]);
  });

  test('the custom event of an event whose tag found no room is slow, and room is made in the meantime', async () => {
    const steps = [
      deliver([draft('identify', { sets: ['b'], age: 9 })]),
      pass(2_000),
      deliver([draft('track', { sets: ['c'], age: 8 })]),
      pass(2_500),
      deliver([draft('identify', { removes: ['b'], age: 7 })]),
    ];
    const behaviours = [ok, ok, ok, { ...ok, upMs: 5_000 }];
    const mapping = { ...scenario.mapping, customEvents: true };
    expect(await runScenario({ ...scenario, mapping, tagLimit: 2, steps, behaviours })).toEqual([]);
  });
});
