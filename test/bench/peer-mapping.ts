import { mapEvent, parseEvent } from 'segment-onesignal';
import { interleave, ratio } from './interleave.js';
import { isMappingKit, loadPeer } from './peers.js';
import { isSmoke, progress, report } from './program.js';
import { eventStream, take } from './stream.js';

const { transform } = loadPeer('@segment/actions-core/mapping-kit', isMappingKit);
const fields = ['firstName', 'lastName', 'email', 'age', 'plan', 'seats', 'trial', 'company'];
/** A tag per trait, as set up in a destination's form. The kit does not convert values to OneSignal's strings. */
const mapping = {
  externalId: { '@path': '$.userId' },
  tags: Object.fromEntries(fields.map((field) => [field, { '@path': `$.traits.${field}` }])),
};

const isIdentify = (text: string): boolean => text.includes('"type":"identify"') && !text.includes('"personas"');
const texts = take(
  eventStream(1, (_, random) => `user-${Math.floor(random() * 1e6)}`),
  isSmoke ? 500 : 10_000,
).filter(isIdentify);
let events: unknown[] = [];
const prepare = (): void => {
  events = texts.map((text): unknown => JSON.parse(text));
};
let made = 0;

progress(`${texts.length} identify events`);
const [ours, theirs] = await interleave(
  [
    {
      name: 'parseEvent + mapEvent',
      prepare,
      run() {
        for (const event of events) {
          const parsed = parseEvent(event);
          if (parsed.ok && mapEvent(parsed.event).status === 'planned') made++;
        }
        return events.length;
      },
    },
    {
      name: 'mapping kit',
      prepare,
      run() {
        for (const event of events) if (transform(mapping, event) !== undefined) made++;
        return events.length;
      },
    },
  ],
  isSmoke ? { rounds: 2, warmUps: 1 } : { rounds: 31, warmUps: 5 },
);
if (made === 0) throw new Error('Nothing was mapped');
report([
  {
    what: "events per CPU second, parseEvent + mapEvent : actions-core's mapping kit",
    value: ratio(theirs, ours),
    unit: '×',
    bar: { atLeast: 4 },
    detail: `${ours?.us.toFixed(2)} : ${theirs?.us.toFixed(2)} µs per identify with ${fields.length} fields`,
  },
]);
