/** How an entry differs from the step before. */
export type Change = 'added' | 'changed' | 'removed' | 'same';

/** An entry of a record, before and after. */
export interface ChangedEntry {
  readonly name: string;
  /** The value after the step; of a removed entry the one before it. */
  readonly value: string;
  readonly change: Change;
}

/** The entries of two records, in alphabetical order, those that are gone included. */
export function compareRecords(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ChangedEntry[] {
  const [old, current] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...current.keys()])].sort().map((name) => {
    const value = current.get(name);
    if (value === undefined) return { name, value: old.get(name) ?? '', change: 'removed' };
    if (!old.has(name)) return { name, value, change: 'added' };
    return { name, value, change: old.get(name) === value ? 'same' : 'changed' };
  });
}

/** The elements of two lists, those that are gone included. */
export function compareLists(before: readonly string[], after: readonly string[]): ChangedEntry[] {
  const asRecord = (list: readonly string[]) => Object.fromEntries(list.map((name) => [name, name]));
  return compareRecords(asRecord(before), asRecord(after));
}
