/** A page of the site that comes from a Markdown file of the repository. */
export interface Guide {
  /** Its name in the navigation. */
  text: string;
  /** Its file, relative to the repository. If it does not exist yet, the page is left out. */
  source: string;
  /** Its address, without `.html`. */
  page: string;
  /** What it covers, for `llms.txt`. */
  about: string;
  /** A paragraph that only the site has, after the introduction. */
  note?: string;
}

/** The guides, in the order of the navigation. To add a page, add a line. */
export const guides: readonly Guide[] = [
  { text: 'Get started', source: 'README.md', page: 'get-started', about: 'Install, a first program, the overview.' },
  {
    text: 'Mapping',
    source: 'docs/mapping.md',
    page: 'mapping',
    about: 'How an event becomes tags: every rule.',
    note: 'Try the rules on your own event in the [playground](/playground.md).',
  },
  {
    text: 'Testing',
    source: 'docs/testing.md',
    page: 'testing',
    about: 'Unit-test a mapping in CI.',
    note: 'The [playground](/playground.md) writes a first test and a golden file from your events.',
  },
  {
    text: 'Command line',
    source: 'docs/cli.md',
    page: 'cli',
    about: 'See what would be sent, test a mapping, replay archives, check a setup.',
  },
  {
    text: 'Backfill',
    source: 'docs/backfill.md',
    page: 'backfill',
    about: 'Bring years of Segment history into OneSignal.',
  },
  {
    text: 'Migration',
    source: 'docs/migration.md',
    page: 'migration',
    about: "From Segment's hosted destination or from RudderStack's, step by step.",
  },
  {
    text: 'Hosts',
    source: 'docs/hosts.md',
    page: 'hosts',
    about: 'Express, Workers, Lambda, queues, Segment Functions.',
  },
  {
    text: 'Fleet',
    source: 'docs/fleet.md',
    page: 'fleet',
    about: 'Receivers and workers on several machines, with Redis.',
  },
  {
    text: 'Data out',
    source: 'docs/data-out.md',
    page: 'data-out',
    about: "OneSignal's message events as Segment tracks.",
  },
  {
    text: 'Operations',
    source: 'docs/operations.md',
    page: 'operations',
    about: 'Retries, limits, ordering, and what can be lost.',
  },
  {
    text: 'Errors',
    source: 'docs/errors.md',
    page: 'errors',
    about: 'Every message, code and reason, and what to do.',
  },
  {
    text: 'Security',
    source: 'docs/security.md',
    page: 'security',
    about: 'Possible attacks, why they fail, and what the host has to do.',
  },
  {
    text: 'Performance',
    source: 'docs/performance.md',
    page: 'performance',
    about: 'Measured throughput and latency.',
  },
  {
    text: 'Comparison',
    source: 'docs/comparison.md',
    page: 'comparison',
    about: "Next to Segment's hosted destination, RudderStack's, and your own code.",
  },
];

/** Background pages: they are linked from the guides, and come last in the navigation. */
export const background: readonly Guide[] = [
  {
    text: "OneSignal's API",
    source: 'docs/onesignal.md',
    page: 'onesignal',
    about: 'What the API does, with sources.',
  },
  { text: 'Changelog', source: 'CHANGELOG.md', page: 'changelog', about: 'What changed in each version.' },
  { text: 'License', source: 'LICENSE', page: 'license', about: 'MIT.' },
];

/** Pages with an entry of their own in the bar at the top. */
export const tools: readonly Guide[] = [
  {
    text: 'Playground',
    source: 'docs/.site/playground.md',
    page: 'playground',
    about: 'Try a mapping in the browser.',
  },
];
