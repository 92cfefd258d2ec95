import { mapEvent, parseEvent } from '../../src/index.js';
import { identify, membership } from './events.js';

/** A seeded source of numbers in [0, 1), so that a failure can be reproduced. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of this kind of generator are poor.
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

export interface Stream {
  /** In random order, each with its own time. */
  events: { messageId: string; userId: string; timestamp: string }[];
  /** The tags of each user after one-by-one delivery in the order of time. */
  expected: Map<string, Record<string, string>>;
}

const keys = ['plan', 'city', 'cart', 'score', 'lang'];
const audiences = ['vips', 'sleepers', 'buyers'];

/** Events whose users share few tags: identify calls that set and remove, and memberships that come and go. */
export function createStream(options: {
  seed: number;
  events: number;
  users: number;
  newestAt: number;
  spanMs: number;
}): Stream {
  const { seed, events: count, users, newestAt, spanMs } = options;
  const random = createRandom(seed);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)];
  const events = Array.from({ length: count }, (_, index) => {
    const userId = `u${Math.floor(random() * users)}`;
    const more = {
      messageId: `m${index}`,
      timestamp: new Date(newestAt - Math.floor(((count - index) / count) * spanMs)).toISOString(),
    };
    if (random() < 0.3) return { ...membership(userId, pick(audiences) ?? '', random() < 0.6), ...more };
    const traits = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [
      pick(keys),
      random() < 0.2 ? null : index,
    ]);
    return { ...identify(userId, Object.fromEntries(traits)), ...more };
  });
  const expected = applyInOrder(events);
  for (let last = events.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [events[last], events[other]];
    if (a !== undefined && b !== undefined) [events[last], events[other]] = [b, a];
  }
  return { events, expected };
}

function applyInOrder(events: readonly unknown[]): Map<string, Record<string, string>> {
  const state = new Map<string, Map<string, string>>();
  for (const event of events) {
    const parsed = parseEvent(event);
    if (!parsed.ok) throw parsed.error;
    for (const operation of mapEvent(parsed.event).operations) {
      if (operation.type !== 'update_user') continue;
      const tags = state.get(operation.user.id) ?? new Map<string, string>();
      state.set(operation.user.id, tags);
      for (const [key, value] of Object.entries(operation.tags)) value === '' ? tags.delete(key) : tags.set(key, value);
    }
  }
  return new Map([...state].map(([user, tags]) => [user, Object.fromEntries(tags)]));
}
