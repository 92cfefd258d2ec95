import { coalesce, type MappingOptions, mapEvent, type Operation, type Plan, parseEvent } from 'segment-onesignal';
import type { Figure } from './figure.js';
import { isSmoke, progress, report } from './program.js';

/** A step over one kind of input. */
interface Case {
  step: string;
  input: string;
  /** The smaller size. The larger one is ten times as large. Events have at most 10,000 properties (Segment's limit). */
  size: number;
  /** Makes an input and returns the step over it, so that only the step is measured. */
  prepare(size: number): Prepared;
}

interface Prepared {
  input: unknown;
  run: () => unknown;
}

const factor = 10;
/**
 * A linear step has a ratio of about 10. A quadratic one has 100. V8 stores objects with more than about 1,000 properties
 * in a different, slower way, and they may not fit into the processor's cache: on some machines even JSON takes 22 times
 * as long for ten times the properties. So where JSON of the same input grows more than tenfold, the ratio is divided by
 * the excess.
 */
const atMost = 15;
const rounds = isSmoke ? 4 : 12;
/** A sample repeats the step until it takes this long, so that short and long steps are disturbed equally. */
const sampleMs = 20;

const times = <Value>(size: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: size }, (_, index) => make(index));
const fields = (size: number, value: unknown = 'x', prefix = 'k'): Record<string, unknown> =>
  Object.fromEntries(times(size, (index) => [`${prefix}${index}`, value]));
const user = (index: number) => ({ label: 'external_id', id: `u${index}` });
const update = (owner: number, tags: Record<string, string>): Operation => ({
  type: 'update_user',
  user: user(owner),
  tags,
});
const planOf = (second: number | undefined, ...operations: Operation[]): Plan => ({
  status: 'planned',
  ...(second === undefined ? {} : { at: new Date(1_700_000_000_000 + second * 1_000).toISOString() }),
  operations,
  dropped: [],
});
const segment = (index: number): Operation => ({
  type: 'ensure_segment',
  name: `Segment ${index}`,
  filters: [{ field: 'tag', key: `k${index}`, relation: '=', value: 'true' }],
});
const identify = (traits: unknown, more: object = {}): unknown => ({
  type: 'identify',
  userId: 'u1',
  messageId: 'm1',
  timestamp: '2026-03-01T10:00:00.000Z',
  traits,
  ...more,
});
const track = (properties: unknown, more: object = {}): unknown => ({
  type: 'track',
  userId: 'u1',
  messageId: 'm1',
  event: 'Order Completed',
  properties,
  ...more,
});

const parse = (input: string, size: number, make: (size: number) => unknown): Case => ({
  step: 'parseEvent',
  input,
  size,
  prepare(count) {
    const event = make(count);
    return { input: event, run: () => parseEvent(event) };
  },
});
const map = (input: string, size: number, make: (size: number) => unknown, mapping?: MappingOptions): Case => ({
  step: 'mapEvent',
  input,
  size,
  prepare(count) {
    const event = make(count);
    const parsed = parseEvent(event);
    if (!parsed.ok) throw parsed.error;
    return { input: event, run: () => mapEvent(parsed.event, mapping) };
  },
});
const merge = (input: string, size: number, make: (index: number, size: number) => Plan): Case => ({
  step: 'coalesce',
  input,
  size,
  prepare(count) {
    const plans = times(count, (index) => make(index, count));
    return { input: plans, run: () => coalesce(plans) };
  },
});

/**
 * For steps that do little more than read each property: with 10,000 of them, what V8 does to a large object would be most
 * of what is measured. A quadratic step shows at 1,000 too, since there is little beside it.
 */
const fewProperties = 100;

const cases: readonly Case[] = [
  parse('fields of an event that is used as it is', 1_000, (size) => identify(fields(size), fields(size))),
  parse('fields of an event that is corrected', fewProperties, (size) =>
    identify({}, { ...fields(size), timestamp: {} }),
  ),
  parse('fields of an event that is refused', 1_000, (size) => identify('x', fields(size))),
  map('traits (splitTags)', 1_000, (size) => identify(fields(size))),
  map('traits, half of them removals (splitTags)', 1_000, (size) =>
    identify({ ...fields(size / 2), ...fields(size / 2, null, 'gone') }),
  ),
  map('traits over tagLimit', 1_000, (size) => identify(fields(size)), { tagLimit: 10 }),
  map('traits and properties that are dropped', fewProperties, (size) =>
    identify({ email: 'x', list: [] }, { properties: fields(size) }),
  ),
  map('properties behind the event name', 500, (size) => track(fields(size)), { eventName: 'prefix' }),
  map(
    'properties, behind an event name as long as they are many',
    500,
    (size) => track(fields(size), { event: 'n'.repeat(size * 100) }),
    { eventName: 'prefix' },
  ),
  map('leaves of an object (flatten)', 1_000, (size) => identify({ object: fields(size) }), {
    nested: { maxTags: Number.MAX_SAFE_INTEGER },
  }),
  map('objects of objects (flatten)', 1_000, (size) => identify(fields(size, { a: { b: 1, email: 'x' }, list: [1] })), {
    nested: 'flatten',
  }),
  map('properties of a custom event that is too large (plainJson)', 1_000, (size) => track(fields(size)), {
    customEvents: { tags: 'replace' },
  }),
  map(
    'context of an event without messageId (canonicalJson)',
    30,
    (size) => track({ a: 1 }, { messageId: null, context: { list: times(size, () => fields(20)) } }),
    { customEvents: { tags: 'replace' } },
  ),
  map('products', 200, (size) => track({ products: times(size, (index) => ({ sku: `s${index}`, price: 1.005 })) }), {
    purchases: true,
  }),
  map(
    'messaging_subscriptions',
    500,
    (size) =>
      identify(
        {},
        {
          context: {
            messaging_subscriptions: times(size, (index) => ({
              key: `a${index}@example.com`,
              type: 'EMAIL',
              status: 'SUBSCRIBED',
            })),
          },
        },
      ),
    { subscriptions: { email: true } },
  ),
  map(
    'characters of an address with nothing but dots',
    5_000,
    (size) => identify({ email: `a@${'.'.repeat(size)}@` }),
    {
      subscriptions: { email: true },
    },
  ),
  map(
    'characters of every text',
    5_000,
    (size) => {
      const text = 'x'.repeat(size);
      const device = { type: 'android', token: text, model: text };
      return identify(
        { a: text, phone: `+${'1-'.repeat(size / 2)}`, createdAt: '9'.repeat(size), [text]: 1 },
        { context: { locale: text, timezone: text, device } },
      );
    },
    { profile: true, subscriptions: { sms: true, push: true }, dates: 'auto' },
  ),
  merge('events of many users', 1_000, (index) => planOf(index, update(index, { plan: 'pro', city: 'Graz' }))),
  merge('events of one user', 1_000, (index) => planOf(index, update(1, { plan: `${index}`, city: 'Graz' }))),
  merge('events of one user, in reverse', 1_000, (index, size) =>
    planOf(size - index, update(1, { plan: `${index}` })),
  ),
  merge('events of one user with 60 keys of their own', 100, (index) =>
    planOf(index, update(1, Object.fromEntries(times(60, (key) => [`k${index}_${key}`, 'x'])))),
  ),
  merge('events of one user with 60 common keys', 200, (index) =>
    planOf(index, update(1, Object.fromEntries(times(60, (key) => [`k${(index + key) % 300}`, 'x'])))),
  ),
  merge('events without a time', 1_000, (index) =>
    planOf(index % 2 === 0 ? index : undefined, update(index % 50, { plan: `${index}` })),
  ),
  merge('segments', 1_000, (index) => planOf(index, update(index, { [`k${index}`]: 'true' }), segment(index))),
  merge('repeats of one segment', 1_000, (index) => planOf(index, segment(1))),
  merge('subscriptions', 1_000, (index) =>
    planOf(index, {
      type: 'add_subscription',
      user: user(index >> 1),
      subscription: { type: 'Email', token: `A${index >> 1}@example.com`, enabled: index % 2 === 0 },
    }),
  ),
  merge('aliases', 1_000, (index) =>
    planOf(index, { type: 'add_alias', user: user(index), alias: { label: 'crm', id: `${index}` } }),
  ),
  merge('purchases of one user', 1_000, (index) =>
    planOf(index, { type: 'add_purchases', user: user(1), purchases: [{ sku: `s${index}`, amount: '1', iso: 'EUR' }] }),
  ),
  merge('custom events', 1_000, (index) =>
    planOf(index, {
      type: 'send_custom_events',
      events: [{ name: 'Read', external_id: `u${index}`, properties: { text: 'x'.repeat(500) } }],
    }),
  ),
  merge('events of one user with deletions in between', 1_000, (index) =>
    planOf(index, index % 10 === 9 ? { type: 'delete_user', user: user(1) } : update(1, { [`k${index}`]: 'x' })),
  ),
  merge('events of many users with deletions in between', 1_000, (index) =>
    index % 10 === 9
      ? planOf(index, { type: 'delete_user', user: user(index - 5) })
      : planOf(
          index,
          update(index, { plan: 'pro' }),
          { type: 'send_custom_events', events: [{ name: 'Read', external_id: `u${index}`, properties: {} }] },
          { type: 'add_subscription', user: user(index), subscription: { type: 'SMS', token: `+4366412${index}` } },
        ),
  ),
];

const figures: Figure[] = [];
for (const { step, input, size, prepare } of cases) {
  progress(`${step}: ${input}`);
  let growth = measure(prepare(size), prepare(size * factor));
  // A busy machine can spoil one measurement, but not ten. A quadratic step stays near 100 however often it runs.
  for (let retry = 0; retry < 9 && growth.value > atMost; retry++)
    growth = steadier(growth, measure(prepare(size), prepare(size * factor)));
  const { value, own, json } = growth;
  figures.push({
    what: `${step}, 10 × the ${input}`,
    value,
    unit: '×',
    bar: { atMost },
    budget: atMost,
    detail: `${size}: ${shown(own.small)}, ${size * factor}: ${shown(own.large)}, JSON ${ratioOf(json).toFixed(1)} ×`,
  });
}
report(figures);

/** Milliseconds at both sizes. */
interface Times {
  small: number;
  large: number;
}

interface Growth {
  /** The ratio of the step, divided by the excess of that of JSON. */
  value: number;
  own: Times;
  json: Times;
}

function ratioOf({ small, large }: Times): number {
  return large / small;
}

function steadier(one: Growth, other: Growth): Growth {
  return one.value < other.value ? one : other;
}

function measure(small: Prepared, large: Prepared): Growth {
  const own = timesOf(small.run, large.run);
  const json = timesOf(copyingAsJson(small.input), copyingAsJson(large.input));
  return { value: (ratioOf(own) * factor) / Math.max(factor, ratioOf(json)), own, json };
}

function copyingAsJson(input: unknown): () => unknown {
  return () => JSON.parse(JSON.stringify(input));
}

/** The shortest time of all rounds is the least disturbed by other work on the machine. */
function timesOf(small: () => unknown, large: () => unknown): Times {
  const repeats = repeatsOf(small);
  const best: Times = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    best.small = Math.min(best.small, msOf(small, repeats));
    best.large = Math.min(best.large, msOf(large, Math.ceil(repeats / factor)));
  }
  return best;
}

/** The number of runs that take about as long as a sample. The first runs are a warm-up. */
function repeatsOf(run: () => unknown): number {
  let repeats = 1;
  while (msOf(run, repeats) * repeats < sampleMs) repeats *= 2;
  return repeats;
}

/** Milliseconds per run, in wall-clock or CPU time, whichever is less, because other work takes the rest. */
function msOf(run: () => unknown, repeats: number): number {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let index = 0; index < repeats; index++) run();
  const elapsed = performance.now() - start;
  const { user: inProgram, system } = process.cpuUsage(cpu);
  return Math.min(elapsed, (inProgram + system) / 1_000) / repeats;
}

function shown(ms: number): string {
  return ms >= 10 ? `${ms.toFixed(0)} ms` : ms >= 0.1 ? `${ms.toFixed(2)} ms` : `${(ms * 1_000).toFixed(1)} µs`;
}
