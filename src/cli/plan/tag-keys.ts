import type { Operation } from 'segment-onesignal';
import type { SampledUser } from './user-sample.js';

/** What is known of a tag. */
export interface TagKey {
  readonly key: string;
  /** Up to three different values. */
  readonly examples: string[];
}

/** Counts the tags of users, for a bounded number of keys. */
export interface TagKeys {
  add(operation: Extract<Operation, { type: 'update_user' }>, user: SampledUser | undefined): void;
  /** Each key with the number of these users that have the tag at the end. */
  withUsers(users: Iterable<SampledUser>): (TagKey & { readonly users: number })[];
  /** Whether there were more keys than are counted. */
  isCut(): boolean;
}

export const maxTagKeys = 1_000;
const maxExamples = 3;
const maxExampleCharacters = 40;

export function createTagKeys(): TagKeys {
  const keys: TagKey[] = [];
  const numbers = new Map<string, number>();
  let isCut = false;
  const numberOf = (key: string): number | undefined => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (keys.length === maxTagKeys) {
      isCut = true;
      return undefined;
    }
    numbers.set(key, keys.length);
    return keys.push({ key, examples: [] }) - 1;
  };
  return {
    add({ tags }, user) {
      for (const [key, value] of Object.entries(tags)) {
        const number = numberOf(key);
        if (number === undefined) continue;
        if (value !== '') addExample(keys[number]?.examples ?? [], value);
        if (user !== undefined) mark(user, String.fromCharCode(number), value !== '');
      }
    },
    withUsers(users) {
      const counts = new Uint32Array(keys.length);
      for (const { tags } of users)
        for (let index = 0; index < tags.length; index++) {
          const number = tags.charCodeAt(index);
          counts[number] = (counts[number] ?? 0) + 1;
        }
      return keys.map((key, number) => ({ ...key, users: counts[number] ?? 0 }));
    },
    isCut: () => isCut,
  };
}

function addExample(examples: string[], value: string): void {
  if (examples.length === maxExamples) return;
  const shown = value.slice(0, maxExampleCharacters);
  if (!examples.includes(shown)) examples.push(shown);
}

function mark(user: SampledUser, mark: string, isSet: boolean): void {
  const has = user.tags.includes(mark);
  if (isSet && !has) user.tags += mark;
  if (!isSet && has) user.tags = user.tags.replace(mark, '');
}
