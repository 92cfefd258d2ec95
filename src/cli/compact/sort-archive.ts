import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type MappingOptions, mapEvent, type Operation, type Plan, parseEvent } from 'segment-onesignal';
import { type ReadArchiveOptions, readArchive } from '../archive/read-archive.js';
import { eventOperations } from '../send/counting-destination.js';
import type { SourceOptions } from '../send/source.js';
import { createBuckets } from './buckets.js';
import { claimOf, gatherLinked, readLinks } from './claims.js';
import { formatRecord } from './records.js';

/** Options of {@link sortArchive}. */
export interface SortOptions extends SourceOptions {
  readonly mapping: MappingOptions | undefined;
  /** Whether custom events and purchases are left out. */
  readonly isTagsOnly: boolean;
  readonly onProgress: ReadArchiveOptions['onProgress'];
}

/** The folders with the sorted events, in the order to read them. */
export function sortedFolders(folder: string): string[] {
  return ['users', 'linked'].map((name) => join(folder, name));
}

/**
 * Spreads an archive over files in a folder so that all events of a user are in one file. Events for which there is
 * nothing to send are left out.
 *
 * @returns The number of events that were kept.
 */
export async function sortArchive(folder: string, options: SortOptions): Promise<number> {
  const [users = '', linked = ''] = sortedFolders(folder);
  const claims = join(folder, 'claims');
  rmSync(folder, { recursive: true, force: true });
  for (const path of [users, claims]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const [events, claimed] = [createBuckets(users, 0), createBuckets(claims, 0)];
  let number = 0;
  for await (const { file, line, event, error } of readArchive(options.inputs, { ...options, after: undefined })) {
    if (error !== undefined) {
      options.onBroken({ file, line, error });
      continue;
    }
    if (!options.filter(event)) continue;
    const plan = planOf(event, options.mapping);
    if (plan?.status === 'skipped') {
      options.onSkipped(plan.reason, 1);
      continue;
    }
    if (options.isTagsOnly && plan?.operations.every(({ type }) => eventOperations.includes(type)) === true) {
      options.onSkipped('tags_only', 1);
      continue;
    }
    const key = keyOf(plan?.operations ?? []) ?? `failed ${number % 1000}`;
    for (const operation of plan?.operations ?? []) {
      const claim = claimOf(operation);
      if (claim !== undefined) claimed.add(claim, `${JSON.stringify(claim)}\t${key}`);
    }
    events.add(key, formatRecord(key, number++, { file, line, event }));
  }
  events.close();
  claimed.close();
  await gatherLinked(users, linked, await readLinks(claims));
  rmSync(claims, { recursive: true });
  return number;
}

/** `undefined` for an event that cannot be parsed, which delivery reports. */
function planOf(event: unknown, mapping: MappingOptions | undefined): Plan | undefined {
  const parsed = parseEvent(event);
  return parsed.ok ? mapEvent(parsed.event, mapping) : undefined;
}

/** The user whom the operations are about. They are all about the same one. */
function keyOf(operations: readonly Operation[]): string | undefined {
  for (const operation of operations) {
    if ('user' in operation) return JSON.stringify([operation.user.label, operation.user.id]);
    const [event] = operation.type === 'send_custom_events' ? operation.events : [];
    if (event?.external_id !== undefined) return JSON.stringify(['external_id', event.external_id]);
    if (event?.onesignal_id !== undefined) return JSON.stringify(['onesignal_id', event.onesignal_id]);
  }
  return undefined;
}
