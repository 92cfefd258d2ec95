import { readFileSync } from 'node:fs';
import type { EventStreamTrack } from '../../src/event-stream/index.js';

/** A body of one kind and its track in both naming schemes. */
export interface GoldenPair {
  kind: string;
  body: unknown;
  onesignal: EventStreamTrack;
  spec: EventStreamTrack;
}

/** The golden pairs of all kinds. */
export const goldenPairs: readonly GoldenPair[] = ['push', 'iam', 'email', 'sms', 'live-activity'].flatMap((channel) =>
  JSON.parse(readFileSync(new URL(`../fixtures/event-stream/${channel}.json`, import.meta.url), 'utf8')),
);
