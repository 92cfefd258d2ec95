import { createDestination } from 'segment-onesignal';
import type { Figure } from './figure.js';
import { isSmoke, progress, report } from './program.js';
import { createSessions, type Session } from './sessions.js';
import { type Arrival, deliverVirtually } from './virtual-delivery.js';

const users = isSmoke ? 500 : 10_000;
const figures: Figure[] = [];

for (const size of [1, 20, 100, 1000]) {
  progress(`batches of ${size}`);
  // A batch takes at most a second, so each is done before the next one arrives.
  const arrivalsOf = (sessions: readonly Session[]) => inBatches(sessions, size, 2_000);
  const { figure, overFloor } = await compare({ count: isSmoke ? 2_000 : 10_000, window: size, arrivalsOf });
  figures.push({ what: `batches of ${size}, unchanged: 'skip'`, ...figure });
  if (size === 1000)
    figures.push({
      what: `batches of ${size}, unchanged: 'skip' : floor`,
      value: overFloor,
      unit: '×',
      bar: { atMost: 1.15 },
    });
}
for (const [perSecond, seconds] of [
  [50, 60],
  [200, 30],
  [1000, 10],
  [5000, 6],
] as const) {
  progress(`single calls, ${perSecond} per second, for ${seconds} s of virtual time`);
  const count = perSecond * (isSmoke ? 1 : seconds);
  const arrivalsOf = (sessions: readonly Session[]) => inBatches(sessions, 1, 1000 / perSecond);
  const { figure } = await compare({ count, window: perSecond, arrivalsOf });
  figures.push({
    what: `single calls, ${perSecond} per second, unchanged: 'skip'`,
    ...figure,
    ...(perSecond === 5000 ? { bar: { atMost: 0.15 } } : {}),
    eventsPerSecond: perSecond,
  });
}
report(figures);

function inBatches(sessions: readonly Session[], size: number, intervalMs: number): Arrival[] {
  const batches = Math.ceil(sessions.length / size);
  return Array.from({ length: batches }, (_, index) => ({
    ms: index * intervalMs,
    sessions: sessions.slice(index * size, (index + 1) * size),
  }));
}

interface Comparison {
  /** The number of sessions. */
  count: number;
  /** The number of sessions in a batch or a second, which the floor merges. */
  window: number;
  arrivalsOf(sessions: readonly Session[]): Arrival[];
}

/** Delivers the same stream with and without `unchanged: 'skip'`. */
async function compare({ count, window, arrivalsOf }: Comparison): Promise<{
  figure: Pick<Figure, 'value' | 'unit' | 'compared' | 'detail'>;
  overFloor: number;
}> {
  const stream = createSessions(3, users);
  const known = stream.first();
  const sessions = stream.take(count);
  const arrivals = arrivalsOf(sessions);
  const skip = await deliverVirtually(known, arrivals, { unchanged: 'skip' });
  const send = await deliverVirtually([], arrivals, {});
  const compared = {
    "unchanged: 'send'": send.requests / count,
    floor: writesOf(sessions, window) / count,
    'one request per event': requestsEach(sessions),
  };
  const overFloor = skip.requests / count / compared.floor;
  const amounts = Object.entries(compared).map(([name, value]) => `${name} ${value.toFixed(value < 0.1 ? 3 : 2)}`);
  const detail = `${amounts.join(', ')}; ${overFloor.toFixed(2)} × the floor`;
  return { figure: { value: skip.requests / count, unit: 'requests/event', compared, detail }, overFloor };
}

/** The minimum number of writes for these sessions: one per window and user with a change. */
function writesOf(sessions: readonly Session[], window: number): number {
  const writes = new Set<string>();
  for (const [index, { hasChange, event }] of sessions.entries())
    if (hasChange) writes.add(`${Math.floor(index / window)}/${event.userId}`);
  return writes.size;
}

/** Requests per event if each event is sent on its own. */
function requestsEach(sessions: readonly Session[]): number {
  const { plan } = createDestination({
    appId: '00000000-0000-4000-8000-000000000001',
    transport: { send: () => Promise.reject(new Error('A dry run sends nothing')) },
  });
  return sessions.reduce((sum, { event }) => sum + plan([event]).requests.length, 0) / sessions.length;
}
