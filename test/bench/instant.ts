import { createDestination, type Transport } from 'segment-onesignal';
import { interleave, ratio } from './interleave.js';
import { isSmoke, progress, report } from './program.js';
import { eventStream, take } from './stream.js';

/** Answers at once, so that the measurement covers only the library. */
const transport: Transport = { send: () => Promise.resolve({ status: 202, headers: {}, body: {} }) };
const delivery = { requestsPerSecond: Number.POSITIVE_INFINITY } as const;
const destination = createDestination({ appId: '00000000-0000-4000-8000-000000000001', transport, delivery });

const count = isSmoke ? 500 : 10_000;
const inFlight = 64;
let users = 0;
/** Every event has its own user, so each is one request and no write waits for the one before it. */
const stream = eventStream(5, () => `user-${users++}`);
let texts: string[] = [];
let events: unknown[] = [];
const makeTexts = (): void => {
  texts = take(stream, count);
};
const parseJson = (): number => {
  events = texts.map((text): unknown => JSON.parse(text));
  return count;
};
const prepare = (): void => {
  makeTexts();
  parseJson();
};
const deliver = async (inputs: readonly unknown[]): Promise<void> => {
  for (const { status } of await destination.deliver(inputs))
    if (status !== 'delivered' && status !== 'skipped') throw new Error(`An event is ${status}`);
};
const single = async (): Promise<number> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < events.length) await deliver([events[next++]]);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return count;
};
const batch = async (): Promise<number> => {
  for (let at = 0; at < events.length; at += 1000) await deliver(events.slice(at, at + 1000));
  return count;
};

progress(`${count} events per round, each of a user of its own`);
const [reference, singles, batches] = await interleave(
  [
    { name: 'JSON.parse', prepare: makeTexts, run: parseJson },
    { name: 'single calls', prepare, run: single },
    { name: 'batches of 1000', prepare, run: batch },
  ],
  { rounds: isSmoke ? 2 : 15, warmUps: isSmoke ? 1 : 3 },
);
const bar = { atMost: 15 };
report([
  { what: 'deliver single calls, instant transport', value: singles?.us ?? Number.NaN, unit: 'µs/event', bar },
  {
    what: 'deliver single calls, instant transport : JSON.parse',
    value: ratio(singles, reference),
    unit: '×',
    detail: `JSON.parse of the same events takes ${reference?.us.toFixed(2)} µs`,
  },
  { what: 'deliver batches of 1000, instant transport', value: batches?.us ?? Number.NaN, unit: 'µs/event', bar },
  { what: 'deliver batches of 1000, instant transport : JSON.parse', value: ratio(batches, reference), unit: '×' },
]);
