import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createMemoryOrderStore } from '../../../src/delivery/guards/memory-order-store.js';

test('keeps the later of two times per tag, in whichever order they come', () => {
  const store = createMemoryOrderStore();
  store.record('u1', { plan: 20, city: 10 });
  store.record('u1', { plan: 10, city: 20, seats: 5 });
  expect(store.newest('u1', ['plan', 'city', 'seats', 'nothing'])).toEqual([20, 20, 5, undefined]);
  expect(store.newest('u2', ['plan'])).toEqual([]);
});

test('treats tags named after members of objects like any other', () => {
  const store = createMemoryOrderStore();
  const names = ['__proto__', 'constructor', 'toString'];
  store.record('u1', { plan: 1 });
  expect(store.newest('u1', names)).toEqual([undefined, undefined, undefined]);
  store.record('u1', Object.fromEntries(names.map((name) => [name, 7])));
  store.record('u1', Object.fromEntries(names.map((name) => [name, 5])));
  expect(store.newest('u1', [...names, 'plan'])).toEqual([7, 7, 7, 1]);
});

test('does not modify its arguments', () => {
  const store = createMemoryOrderStore();
  const written = Object.freeze({ plan: 1 });
  store.record('u1', written);
  store.record('u1', { plan: 2 });
  expect(written).toEqual({ plan: 1 });
});

test('forgets a user, no matter when the user was written to', () => {
  const store = createMemoryOrderStore();
  for (const size of [1, 100_000]) {
    store.record('u1', { plan: 1 });
    store.record('filler', Object.fromEntries(Array.from({ length: size }, (_, index) => [`t${index}`, 1])));
    store.forget('u1');
    expect(store.newest('u1', ['plan'])).toEqual([]);
  }
});

test('remembers at least the last 180,000 tags, and never more than 200,000', async () => {
  const store = createMemoryOrderStore();
  const users = 100_000;
  for (let user = 0; user < users; user++) store.record(`u${user}`, { plan: user, city: user, seats: user });
  const remembered: boolean[] = [];
  for (let user = 0; user < users; user++) remembered.push((await store.newest(`u${user}`, ['plan'])).length > 0);
  const oldest = remembered.indexOf(true);
  expect(remembered.slice(oldest).every((is) => is)).toBe(true);
  expect(users - oldest).toBeLessThanOrEqual(200_000 / 3);
  expect(users - oldest).toBeGreaterThanOrEqual(180_000 / 3);
});

test('a user who is written to again and again stays remembered', () => {
  const store = createMemoryOrderStore();
  store.record('u0', { first: 1 });
  for (let user = 1; user < 300_000; user++) {
    store.record(`u${user}`, { plan: user });
    if (user % 1000 === 0) store.record('u0', { last: user });
  }
  expect(store.newest('u0', ['first', 'last'])).toEqual([1, 299_000]);
});

test('one user may have more tags than the store has room for', () => {
  const store = createMemoryOrderStore();
  const many = Object.fromEntries(Array.from({ length: 200_001 }, (_, index) => [`t${index}`, 1]));
  for (const user of ['u1', 'u2', 'u1']) {
    store.record(user, many);
    expect(store.newest(user, ['t0'])).toEqual([1]);
    expect(store.newest(user === 'u1' ? 'u2' : 'u1', ['t0'])).toEqual([]);
  }
});

test('a few users who are written to forever take no more memory than at first', () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('there is no gc');
  const store = createMemoryOrderStore();
  const heapAfter = (writes: number): number => {
    for (let write = 0; write < writes; write++) store.record(`u${write % 1000}`, { plan: write });
    collect();
    return process.memoryUsage().heapUsed;
  };
  const first = heapAfter(50_000);
  expect(heapAfter(500_000) - first).toBeLessThan(10_000_000);
});
