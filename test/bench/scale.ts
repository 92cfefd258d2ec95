import { coalesce, mapEvent, type Plan, parseEvent } from 'segment-onesignal';
import { interleave, ratio } from './interleave.js';
import { isSmoke, progress, report } from './program.js';
import { eventStream, take } from './stream.js';

const many = isSmoke ? 5_000 : 100_000;
const few = many / 100;
/** Ten events per user on average, regardless of the number of events. */
const eventsOf = (count: number): unknown[] =>
  take(
    eventStream(2, (_, random) => `user-${Math.floor((random() * count) / 10)}`),
    count,
  ).map((text): unknown => JSON.parse(text));
const inputs = { few: eventsOf(few), many: eventsOf(many) };

const planOf = (input: unknown): Plan[] => {
  const parsed = parseEvent(input);
  return parsed.ok ? [mapEvent(parsed.event)] : [];
};
const plans = { few: inputs.few.flatMap(planOf), many: inputs.many.flatMap(planOf) };
let made = 0;
const mapAll = (events: readonly unknown[]): number => {
  made += events.flatMap(planOf).length;
  return events.length;
};
const coalesceAll = (all: readonly Plan[]): number => {
  made += coalesce(all).length;
  return all.length;
};
const hundredTimes = (run: () => number): number =>
  Array.from({ length: 100 }, run).reduce((sum, count) => sum + count);

progress(`${few} and ${many} events`);
const [planFew, planMany, mapMany, coalesceMany] = await interleave(
  [
    { name: 'plan few', run: () => hundredTimes(() => mapAll(inputs.few) && coalesceAll(plans.few)) },
    { name: 'plan many', run: () => mapAll(inputs.many) && coalesceAll(plans.many) },
    { name: 'map many', run: () => mapAll(inputs.many) },
    { name: 'coalesce many', run: () => coalesceAll(plans.many) },
  ],
  { rounds: isSmoke ? 2 : 15 },
);
if (made === 0) throw new Error('No plan was made');
report([
  {
    what: `map and coalesce ${many} events : ${few} events, per event`,
    value: ratio(planMany, planFew),
    unit: '×',
    bar: { atMost: 1.15 },
    detail: `${planMany?.us.toFixed(2)} : ${planFew?.us.toFixed(2)} µs per event`,
  },
  {
    what: `coalesce : parseEvent + mapEvent, ${many} events`,
    value: ratio(coalesceMany, mapMany),
    unit: '×',
    bar: { atMost: 1 },
    detail: `${coalesceMany?.us.toFixed(2)} : ${mapMany?.us.toFixed(2)} µs per event`,
  },
]);
