import { mapEvent, parseEvent } from 'segment-onesignal';
import { interleave, ratio } from './interleave.js';
import { isSmoke, progress, report } from './program.js';
import { eventStream, take } from './stream.js';

const texts = take(
  eventStream(1, (_, random) => `user-${Math.floor(random() * 1e6)}`),
  isSmoke ? 200 : 5000,
);
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
const withoutCodeGeneration = process.execArgv.some((flag) => flag.startsWith('--disallow-code-generation'));

let events: unknown[] = [];
const parseJson = (): number => {
  // Stored, so that the engine cannot optimize the parsing away.
  events = texts.map((text): unknown => JSON.parse(text));
  return texts.length;
};
let planned = 0;
const map = (): number => {
  for (const event of events) {
    const parsed = parseEvent(event);
    if (parsed.ok && mapEvent(parsed.event).status === 'planned') planned++;
  }
  return events.length;
};

progress(`${texts.length} events of ${bytes.toFixed(0)} bytes`);
const [reference, mapping] = await interleave(
  [
    { name: 'JSON.parse', run: parseJson },
    // Fresh objects, as from a host.
    { name: 'parseEvent + mapEvent', prepare: () => void parseJson(), run: map },
  ],
  isSmoke ? { rounds: 3, warmUps: 1 } : { rounds: 41, warmUps: 8 },
);
if (planned === 0) throw new Error('No event was planned');
report([
  {
    what: `parseEvent + mapEvent : JSON.parse${withoutCodeGeneration ? ', no code generation' : ''}`,
    value: ratio(mapping, reference),
    unit: '×',
    bar: { atMost: withoutCodeGeneration ? 1.5 : 0.8 },
    detail: `${mapping?.us.toFixed(2)} : ${reference?.us.toFixed(2)} µs per event of ${bytes.toFixed(0)} bytes`,
  },
]);
