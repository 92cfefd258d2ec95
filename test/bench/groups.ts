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
  { name: 'coalesce', programs: [{ file: 'coalesce' }] },
  { name: 'deliver', programs: [{ file: 'deliver' }] },
  { name: 'memory', programs: [{ file: 'memory' }] },
  { name: 'size', programs: [{ file: 'size' }] },
  { name: 'cold-start', programs: [{ file: 'cold-start' }] },
];
