/** A group of the reference: the exports that a user thinks of together. */
export interface Group {
  /** Its name in the navigation. */
  text: string;
  /** Its folder: `reference/<folder>/`. */
  folder: string;
  /** What it holds, in one sentence. */
  about: string;
  /**
   * The source files, or the folders, whose exports it holds, relative to `src`. The longest match among all groups
   * wins.
   */
  sources: readonly string[];
  /** Exports that it holds although their file belongs to another group. */
  exports?: readonly string[];
}

/** The groups, in the order of the navigation. The build fails for an export that is in none of them. */
export const groups: readonly Group[] = [
  {
    text: 'Destination',
    folder: 'destination',
    about: 'Create a destination, deliver events, and see the requests before they are sent.',
    sources: ['create-destination.ts', 'create-destination-from-env.ts', 'pipeline.ts', 'delivery'],
  },
  {
    text: 'Mapping',
    folder: 'mapping',
    about: 'Turn an event into operations, without a network: the mapping options, and the shapes of both sides.',
    sources: ['mapping', 'segment', 'onesignal'],
  },
  {
    text: 'Outcomes and errors',
    folder: 'outcomes',
    about: 'The outcome of an event, and every reason and code.',
    sources: ['errors.ts', 'delivery/outcome.ts'],
    exports: ['Drop', 'DropReason', 'SkipReason'],
  },
  {
    text: 'Transports',
    folder: 'transports',
    about: 'Send the requests: with ky, with undici, or with your own client.',
    sources: ['onesignal/client.ts', 'onesignal/transport.ts', 'undici', 'transport-contract'],
  },
  {
    text: 'Webhook',
    folder: 'webhook',
    about: "Receive events over HTTP, on Fetch hosts and on Node's server, Express or Fastify.",
    sources: ['webhook', 'node'],
  },
  {
    text: 'Event Streams',
    folder: 'event-stream',
    about: "Send OneSignal's message events to Segment.",
    sources: ['event-stream'],
    exports: ['EventStreamKind'],
  },
  {
    text: 'Queues',
    folder: 'queues',
    about: 'Deliver the messages of a queue: ack, redeliver, dead-letter.',
    sources: ['queue'],
  },
  {
    text: 'Redis',
    folder: 'redis',
    about: "Share the order guard, the seen events and the app's limits between processes.",
    sources: ['redis'],
  },
  {
    text: 'Fleet',
    folder: 'fleet',
    about: 'Deliver on several machines: receivers, workers, metrics and dead letters on Redis.',
    sources: ['fleet'],
  },
  {
    text: 'Function',
    folder: 'function',
    about: 'Run the destination inside Segment, as a Destination Function.',
    sources: ['function'],
  },
  {
    text: 'Command line',
    folder: 'command-line',
    about: 'Settings of the command line, in a config file that your program can import.',
    sources: ['config'],
  },
  {
    text: 'Testing',
    folder: 'testing',
    about: "Build Segment's events, assert plans, keep golden files and simulate a stream.",
    sources: ['testing'],
  },
  {
    text: 'Sandbox',
    folder: 'sandbox',
    about: 'An in-memory OneSignal for tests, demos and development.',
    sources: ['sandbox'],
  },
];

/** The group of an export. */
export function groupOf(name: string, file: string): Group {
  const named = groups.find(({ exports = [] }) => exports.includes(name));
  if (named !== undefined) return named;
  const matches = groups.flatMap((group) =>
    group.sources
      .filter((source) => file === source || file.startsWith(`${source}/`))
      .map((source) => ({ group, length: source.length })),
  );
  const [longest] = matches.sort((one, other) => other.length - one.length);
  if (longest === undefined)
    throw new Error(`"${name}" of src/${file} is in no group of docs/.site/reference/groups.ts.`);
  return longest.group;
}
