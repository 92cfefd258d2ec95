/** What is remembered of a user. */
export interface SampledUser {
  /** The tags that the user has at the end: one character per tag, by its number. */
  tags: string;
  /** Requests for the user, by the way of sending. */
  readonly requests: Record<WayOfSending, number>;
}

/** Each event by itself, merged within a batch, or merged and without what OneSignal has already. */
export type WayOfSending = 'single' | 'merged' | 'unchanged';

/** Remembers all users up to a maximum, and above it a random sample of them, each with a complete history. */
export interface UserSample {
  /** The user, if it is in the sample. */
  find(key: string): SampledUser | undefined;
  users(): Iterable<SampledUser>;
  /** Scales a number of sampled users up to all users. */
  estimate(count: number): number;
  /** Whether the sample holds every user. */
  isComplete(): boolean;
}

export const maxSampledUsers = 50_000;

/**
 * Keeps the users whose hash is below a threshold, which is halved whenever there are too many of them. So memory is
 * bounded, and a user is either in the sample from the first event on, or not at all.
 */
export function createUserSample(maxUsers = maxSampledUsers): UserSample {
  const users = new Map<string, SampledUser>();
  let threshold = hashes;
  const shrink = (): void => {
    threshold /= 2;
    for (const key of users.keys()) if (hashOf(key) >= threshold) users.delete(key);
  };
  return {
    find(key) {
      const known = users.get(key);
      if (known !== undefined) return known;
      if (threshold < hashes && hashOf(key) >= threshold) return undefined;
      const user: SampledUser = { tags: '', requests: { single: 0, merged: 0, unchanged: 0 } };
      users.set(key, user);
      if (users.size > maxUsers) shrink();
      return users.get(key);
    },
    users: () => users.values(),
    estimate: (count) => Math.round((count * hashes) / threshold),
    isComplete: () => threshold === hashes,
  };
}

const hashes = 2 ** 32;

/** FNV-1a, with the finish of MurmurHash3, which spreads similar ids. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
