import type { Destination } from 'segment-onesignal';
import { createEventStreamHandler, createSegmentSender, eventStreamTemplate } from 'segment-onesignal/event-stream';
import type { Sandbox } from 'segment-onesignal/sandbox';
import { printRoundTrip } from './print.js';

const secret = 'the secret of the event stream';

/** What the local Segment has received. */
export interface LocalSegment {
  tracks: unknown[];
  /** Answers requests of the Tracking API. */
  receive(request: Request): Promise<Response>;
}

export function createLocalSegment(): LocalSegment {
  const tracks: unknown[] = [];
  return {
    tracks,
    async receive(request) {
      const { batch }: { batch: unknown[] } = JSON.parse(await request.text());
      tracks.push(...batch);
      return Response.json({ success: true });
    },
  };
}

/** Receives the Event Stream, and sends its events to the local Segment over HTTP. */
export function createReceiver(baseUrl: string): (request: Request) => Promise<Response> {
  return createEventStreamHandler({
    segment: createSegmentSender({ writeKey: 'demo', baseUrl }),
    secrets: [secret],
    onProblem: ({ error }) => process.stderr.write(`demo: ${error.message}\n`),
  });
}

/**
 * The last part: the audience that came from Segment gets a push, its members tap it, and OneSignal's events arrive
 * in Segment, which sends them on to the destination.
 */
export async function playDataOut(
  sandbox: Sandbox,
  { url, segment, destination }: { url: string; segment: LocalSegment; destination: Destination },
): Promise<void> {
  // By name: which segment is created first depends on which request arrives first.
  const byName = sandbox.segments().toSorted((one, other) => one.name.localeCompare(other.name));
  const audience = byName.find(({ members }) => members.length > 0);
  if (audience === undefined) return;
  const { headers, body } = eventStreamTemplate;
  sandbox.addEventStream({ url, headers: { ...headers, Authorization: `Bearer ${secret}` }, body });
  const title = 'The "Spring" sale is on';
  const message = await sandbox.sendMessage({ segment: audience.name, name: 'spring-sale', title });
  for (const user of message.recipients) await sandbox.interact({ message, user, action: 'clicked' });
  printRoundTrip(audience, segment.tracks, await destination.deliver(segment.tracks));
}
