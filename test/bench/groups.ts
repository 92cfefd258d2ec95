/** A program that measures, in a process of its own. */
export interface Program {
  /** The file beside this one, without its extension. */
  file: string;
  /** Node's flags. */
  flags?: readonly string[];
}

/** Programs that answer one question. */
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
