import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from 'segment-onesignal';
import { bucketNameOf, bucketsIn, createBuckets } from './buckets.js';
import { readRecords, withKey } from './records.js';

/** What an operation takes away from the user who had it before. */
export function claimOf(operation: Operation): string | undefined {
  if (operation.type === 'add_alias') return JSON.stringify(['alias', operation.alias.label, operation.alias.id]);
  if (operation.type !== 'add_subscription') return undefined;
  const { type, token } = operation.subscription;
  // OneSignal does not tell email addresses apart by case.
  return JSON.stringify([type, type === 'Email' ? token.toLowerCase() : token]);
}

/** Users by the name of the group that they are in. Users who share nothing are not in it. */
export async function readLinks(folder: string): Promise<Map<string, string>> {
  const parents = new Map<string, string>();
  const rootOf = (user: string): string => {
    let root = user;
    for (let parent = parents.get(root) ?? root; parent !== root; parent = parents.get(root) ?? root) {
      // Shortens the way for the next one.
      parents.set(root, parents.get(parent) ?? parent);
      root = parent;
    }
    return root;
  };
  for (const path of bucketsIn(folder)) {
    const owners = new Map<string, string>();
    for await (const { key: claim, text } of readRecords(path)) {
      const user = text.slice(text.lastIndexOf('\t') + 1);
      const owner = owners.get(claim);
      if (owner === undefined) owners.set(claim, user);
      if (owner === undefined || owner === user) continue;
      const [one, other] = [rootOf(owner), rootOf(user)];
      parents.set(one, one);
      parents.set(other, one);
    }
  }
  return new Map([...parents.keys()].map((user) => [user, rootOf(user)]));
}

/**
 * Moves the events of users who took a subscription or an alias from each other into buckets of their own, where they
 * are one group: only in one call are they delivered in the order of their times.
 */
export async function gatherLinked(folder: string, linked: string, links: ReadonlyMap<string, string>): Promise<void> {
  mkdirSync(linked);
  const buckets = createBuckets(linked, 0);
  for (const name of new Set([...links.keys()].map((user) => bucketNameOf(user, 0)))) {
    const rest = `${folder}.rest`;
    rmSync(rest, { recursive: true, force: true });
    mkdirSync(rest);
    const kept = createBuckets(rest, 0);
    for await (const record of readRecords(join(folder, name))) {
      const root = links.get(record.key);
      if (root === undefined) kept.add(record.key, record.text);
      else buckets.add(root, withKey(root, record));
    }
    kept.close();
    rmSync(join(folder, name));
    for (const path of bucketsIn(rest)) renameSync(path, join(folder, name));
    rmSync(rest, { recursive: true });
  }
  buckets.close();
}
