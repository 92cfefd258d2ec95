import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { seededRandom } from '../../seeded-random.js';
import { audience } from '../audience-track.js';

const dayMs = 86_400_000;
const days = 20;
const filesPerDay = 5;

/**
 * Writes an archive in Segment's layout: ten events per user on average, one in ten of them hours late, with audiences
 * that users enter and leave, removed traits, repeated messages and calls that are not mapped.
 *
 * @returns The number of users with something to send.
 */
export function makeArchive(folder: string, events: number): number {
  const random = seededRandom(1);
  const users = Math.ceil(events / 10);
  const written = new Set<string>();
  const startMs = Date.UTC(2026, 0, 1);
  const perFile = Math.ceil(events / (days * filesPerDay));
  let index = 0;
  for (let day = 0; day < days; day++) {
    const path = join(folder, 'segment-logs', 'source', String(startMs + day * dayMs));
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < filesPerDay; file++) {
      const lines: string[] = [];
      for (let count = 0; count < perFile && index < events; count++, index++) {
        const userId = `user-${Math.floor(random() * users)}`;
        const receivedMs = startMs + ((day * filesPerDay + file) * dayMs) / filesPerDay + count;
        const lateMs = random() < 0.1 ? Math.floor(random() * dayMs) : 0;
        const event = eventOf(index, random);
        if (event.type !== 'page') written.add(userId);
        const times = {
          timestamp: new Date(receivedMs - lateMs).toISOString(),
          receivedAt: new Date(receivedMs).toISOString(),
        };
        lines.push(JSON.stringify({ messageId: `m-${index}`, userId, ...times, ...event }));
      }
      writeFileSync(join(path, `${file}.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 1 }));
    }
  }
  return written.size;
}

function eventOf(index: number, random: () => number) {
  const chance = random();
  if (chance < 0.1) return { type: 'page', name: 'Home' };
  if (chance < 0.3) return audience(`audience_${Math.floor(random() * 20)}`, random() < 0.6);
  const plan = random() < 0.2 ? null : ['free', 'team', 'pro'][index % 3];
  return {
    type: 'identify',
    traits: { plan, visits: index, city: `City ${index % 100}`, [`extra_${index % 5}`]: index },
  };
}
