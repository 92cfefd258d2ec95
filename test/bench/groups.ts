/** A program that measures something in its own process. */
export interface Program {
  /** A file in this folder, without its extension. */
  file: string;
  /** Flags for Node. */
  flags?: readonly string[];
}

/** Programs that answer the same question. */
export interface Group {
  name: string;
  programs: readonly Program[];
}

export const groups: readonly Group[] = [
  { name: 'map', programs: [{ file: 'map' }, { file: 'map', flags: ['--disallow-code-generation-from-strings'] }] },
  { name: 'scale', programs: [{ file: 'scale' }] },
  // Room for everything a step allocates, so that the figure measures the step and not garbage collection.
  {
    name: 'scaling',
    programs: [{ file: 'scaling', flags: ['--max-semi-space-size=128', '--min-semi-space-size=128'] }],
  },
  { name: 'coalesce', programs: [{ file: 'coalesce' }] },
  { name: 'deliver', programs: [{ file: 'instant' }, { file: 'deliver' }] },
  { name: 'memory', programs: [{ file: 'memory' }, { file: 'live-heap' }] },
  { name: 'size', programs: [{ file: 'size' }] },
  { name: 'cold-start', programs: [{ file: 'cold-start' }] },
];

/** Runs only on request, because it installs packages. */
export const peerGroup: Group = { name: 'peers', programs: [{ file: 'peer-mapping' }, { file: 'peer-delivery' }] };
