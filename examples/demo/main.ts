import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDestination, createOneSignalTransport, type Outcome } from 'segment-onesignal';
import { toNodeListener } from 'segment-onesignal/node';
import { createSandbox } from 'segment-onesignal/sandbox';
import { createLocalSegment, createReceiver, playDataOut } from './data-out.js';
import { printOutcome, printSegments, printTitle, printTotals, printUsers } from './print.js';
import { type Line, readEvents } from './read-events.js';

const help = `Delivers Segment events to an in-memory OneSignal, over real HTTP.

  npm run demo              the events of a small shop
  npm run demo -- FILE      your own events, one JSON object per line
  npm run demo -- -         your own events from standard input

All but one of the shop's users exist in OneSignal. With your own events, every user exists.
At the end of the shop's story, a push is sent and tapped, and its events return to Segment.
`;

const story = fileURLToPath(new URL('./shop.ndjson', import.meta.url));
const storyUsers = ['ada', 'grace', 'linus', 'margaret'];
const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const apiKey = 'os_v2_app_sandbox';
/** Large enough for events to merge, small enough that a long file shows its first outcomes soon. */
const batchSize = 1000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const [file = story] = positionals;
  const sandbox = createSandbox({ apiKey, unknownUsers: file === story ? 'missing' : 'known' });
  if (file === story)
    for (const externalId of storyUsers)
      sandbox.addUser({ externalId, subscriptions: [{ type: 'AndroidPush', token: `token of ${externalId}` }] });

  const segment = createLocalSegment();
  const server = createServer(
    toNodeListener((request) => {
      const { pathname, origin } = new URL(request.url);
      if (pathname === '/event-stream') return createReceiver(origin)(request);
      return pathname === '/v1/batch' ? segment.receive(request) : sandbox.fetch(request);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const baseUrl = `http://127.0.0.1:${port}`;
  const destination = createDestination({ appId, transport: createOneSignalTransport({ apiKey, baseUrl }) });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('Interrupted')));

  const outcomes: (Outcome | undefined)[] = [];
  /** Delivers the events together, so that they merge. A line that is not JSON has no event. */
  const deliver = async (lines: readonly Line[]): Promise<void> => {
    const events = lines.flatMap((line) => ('event' in line ? [line.event] : []));
    const delivered = [...(await destination.deliver(events, { signal: interrupted.signal }))];
    for (const line of lines) {
      const outcome = 'event' in line ? delivered.shift() : undefined;
      outcomes.push(outcome);
      printOutcome(line, outcome);
    }
  };

  try {
    printTitle('Events and their outcomes');
    let lines: Line[] = [];
    for await (const line of readEvents(file)) {
      lines.push(line);
      if (lines.length < batchSize) continue;
      await deliver(lines);
      lines = [];
    }
    await deliver(lines);
    printUsers(sandbox);
    printSegments(sandbox);
    printTotals(outcomes, sandbox);
    if (file === story) await playDataOut(sandbox, { url: `${baseUrl}/event-stream`, segment, destination });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

// With `| head`, the reader closes the output early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
