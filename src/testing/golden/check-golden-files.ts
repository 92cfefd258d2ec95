import { checkNames } from '../../known-options.js';
import type { MappingOptions } from '../../mapping/options.js';
import { refuse } from '../../option-rules.js';
import { differenceOf } from '../difference.js';
import { createPlanner } from '../planner.js';
import { type Files, isUpdateWanted, openFiles } from './node-files.js';

/** Options of golden files. */
export interface GoldenFileOptions {
  /**
   * The mapping to test.
   *
   * @defaultValue the default rules, without any opt-in
   */
  readonly mapping?: MappingOptions | undefined;
  /**
   * Folder of event files. Each `.json` file holds one event or an array of events. A relative path is resolved from
   * the working directory.
   */
  readonly events: string | URL;
  /** Folder of plan files. Each holds the plan of the event file with the same name, or an array of plans. */
  readonly plans: string | URL;
  /**
   * Whether to write plan files that are missing or differ and to remove stale ones instead of failing.
   *
   * @defaultValue whether the environment variable `UPDATE_GOLDEN` is set, such as to `1`
   */
  readonly update?: boolean | undefined;
}

/** The result of one golden file. */
export interface GoldenFile {
  /** Name of the event file and the plan file: `signup.json`. */
  readonly name: string;
  /**
   * `equal` if the plan matches the file, `different` if it does not, `missing` if there is no plan file, `stale` if
   * there is no event file, `unreadable` if one of them is not JSON; `written` and `removed` after an update. A minor
   * release may add statuses.
   */
  readonly status: 'equal' | 'different' | 'missing' | 'stale' | 'unreadable' | 'written' | 'removed';
  /** What is wrong and what to do, with the difference. Absent if nothing is wrong. */
  readonly problem?: string;
}

/** Golden files by name, each to be checked when its test runs. @internal */
export interface GoldenCase {
  readonly name: string;
  check(): GoldenFile;
}

/**
 * Compares the plan of each event file with the plan file of the same name. Use `testGoldenFiles` to get a test per
 * file.
 *
 * @returns One result per name.
 * @throws Error if a folder does not exist or contains no event files, and `ConfigurationError` if an option is missing,
 * invalid or unknown.
 * @example
 * ```ts
 * import { checkGoldenFiles } from 'segment-onesignal/testing';
 *
 * for (const { problem } of checkGoldenFiles({ events: 'test/events', plans: 'test/plans' }))
 *   if (problem !== undefined) console.error(problem);
 * ```
 */
export function checkGoldenFiles(options: GoldenFileOptions): GoldenFile[] {
  return openGoldenFiles(options).map((golden) => golden.check());
}

/** Lists golden files without checking them yet. @internal */
export function openGoldenFiles(options: GoldenFileOptions): GoldenCase[] {
  checkNames(options, ['mapping', 'events', 'plans', 'update']);
  const { mapping, events, plans, update = isUpdateWanted() } = options;
  const planOf = createPlanner(mapping);
  const files = openFiles();
  // For JavaScript callers, and for environment variables that are not set.
  for (const [name, folder] of Object.entries({ events, plans }))
    if (folder === undefined || folder === '')
      refuse('missing', name, `"${name}" is missing. Pass the path of a folder.`);
  if (String(events) === String(plans)) throw new Error('"events" and "plans" must be different folders.');
  const eventNames = files.list(events);
  if (eventNames === undefined)
    throw new Error(`The folder "${events}" does not exist. Paths are relative to the working directory.`);
  if (eventNames.length === 0)
    throw new Error(
      `The folder "${events}" contains no .json files. Put an event or an array of events into each file.`,
    );
  const names = new Set([...eventNames, ...(files.list(plans) ?? [])]);
  const folders = { files, events, plans, planOf };
  return [...names].sort().map((name) => ({
    name,
    check() {
      const found = compare(folders, name);
      return update && 'repair' in found ? found.repair() : found.result;
    },
  }));
}

interface Folders {
  readonly files: Files;
  readonly events: string | URL;
  readonly plans: string | URL;
  readonly planOf: (event: unknown) => unknown;
}

type Found = { readonly result: GoldenFile } | { readonly result: GoldenFile; readonly repair: () => GoldenFile };

function compare({ files, events, plans, planOf }: Folders, name: string): Found {
  const [eventFile, planFile] = [`${events}/${name}`, `${plans}/${name}`];
  const isThere = (folder: string | URL) => files.list(folder)?.includes(name) === true;
  if (!isThere(events)) {
    const advice = 'Restore the event file, or run the tests with UPDATE_GOLDEN=1 to remove the plan file.';
    const problem = `${planFile} is stale: ${eventFile} does not exist. ${advice}`;
    const repair = (): GoldenFile => {
      files.remove(plans, name);
      return { name, status: 'removed' };
    };
    return { result: { name, status: 'stale', problem }, repair };
  }
  const read = readJson(files.read(events, name));
  if ('problem' in read)
    return { result: { name, status: 'unreadable', problem: `${eventFile} is not JSON: ${read.problem}` } };
  const event = read.value;
  const planned: unknown = Array.isArray(event) ? event.map(planOf) : planOf(event);
  const text = `${JSON.stringify(planned, null, 2)}\n`;
  const repair = (): GoldenFile => {
    files.write(plans, name, text);
    return { name, status: 'written' };
  };
  if (!isThere(plans)) {
    const problem = `${planFile} is missing. Run the tests with UPDATE_GOLDEN=1 to write it, then read and commit it.`;
    return { result: { name, status: 'missing', problem }, repair };
  }
  const golden = readJson(files.read(plans, name));
  if ('problem' in golden)
    return { result: { name, status: 'unreadable', problem: `${planFile} is not JSON: ${golden.problem}` }, repair };
  const difference = differenceOf(golden.value, JSON.parse(text));
  if (difference === undefined) return { result: { name, status: 'equal' } };
  const advice = 'If the change is intended, run the tests with UPDATE_GOLDEN=1 and commit the file.';
  const problem = `${planFile} differs from the plan of ${eventFile} (- file, + plan). ${advice}\n${difference}`;
  return { result: { name, status: 'different', problem }, repair };
}

function readJson(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
