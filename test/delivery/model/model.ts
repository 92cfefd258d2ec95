import type { Delivered } from './host.js';
import type { Judged, Part } from './parts.js';
import { sharedTokens } from './scenario.js';

/** The possible final values: one, unless the rules leave it open. `undefined` means that there is none. */
export type Allowed<Value> = ReadonlySet<Value | undefined>;

/** The final state of a user, according to the rules. */
export interface ModelUser {
  readonly exists: boolean;
  /** By the key of a field: `a`, `profile/language`, `alias/legacy`. */
  readonly fields: ReadonlyMap<string, Allowed<string>>;
  /** Tokens that no other user names, and whether messages may be sent to them. */
  readonly tokens: ReadonlyMap<string, Allowed<boolean>>;
}

/** The final state of a token that several users name. */
export interface ModelToken {
  readonly owner: Allowed<string>;
  /** `unknown` if the rules leave it open. */
  readonly enabled: Allowed<boolean> | 'unknown';
}

export interface ModelOptions {
  /** Whether nothing failed, so that events took effect in the order in which they arrived. */
  readonly isCalm: boolean;
  /** Called with each violation of the rules. */
  readonly complain: (complaint: string) => void;
}

/**
 * The final state of one user, event by event. Events that were in progress at the same time take effect in the order
 * of their times. If everything before was done, later events follow it, and older values are stale.
 */
export function modelUser(
  judged: readonly Judged[],
  initial: { exists: boolean; tags: Readonly<Record<string, string>> },
  { isCalm, complain }: ModelOptions,
): ModelUser {
  let { exists } = initial;
  let deletedAt = Number.NEGATIVE_INFINITY;
  let deletedIn: number | undefined;
  const fields = new Map<string, Set<string | undefined>>();
  const tokens = new Map<string, Set<boolean | undefined>>();
  const fieldTimes = new Map<string, number>();
  const stateTimes = new Map<string, number>();
  for (const [key, value] of Object.entries(initial.tags)) fields.set(key, new Set([value]));

  /** Writes the newest value. Values of the same time may be in either order if requests failed. */
  const write = <Value>(
    into: { values: Map<string, Set<Value | undefined>>; times: Map<string, number> },
    { number, atMs }: Delivered,
    key: string,
    value: Value | undefined,
  ): void => {
    const { values, times } = into;
    const newest = times.get(key);
    if (atMs !== undefined && newest !== undefined && atMs < newest) {
      complain(`event ${number} wrote ${key} although a newer event had written it`);
      return;
    }
    const isTie = atMs !== undefined && atMs === newest && (!isCalm || hasRepeats);
    values.set(key, new Set([...(isTie ? (values.get(key) ?? []) : []), value]));
    if (atMs !== undefined) times.set(key, atMs);
  };

  const hasRepeats = judged.some(({ event }) => event.draft.isRepeated);
  for (const { event, parts } of inEffectOrder(judged)) {
    const { atMs, number } = event;
    for (const part of parts) {
      if (part.fate !== 'applied' || part.kind === 'custom event' || part.kind === 'segment') continue;
      if (part.kind === 'deletion') {
        exists = false;
        deletedIn = event.firstCall;
        deletedAt = Math.max(deletedAt, atMs ?? deletedAt);
        fields.clear();
        tokens.clear();
        fieldTimes.clear();
        continue;
      }
      // An event without a time has the place of the one before it in its call, which may be before the deletion.
      if (atMs === undefined && event.firstCall === deletedIn && (placeOf(event, judged) ?? deletedAt) < deletedAt)
        continue;
      if (atMs !== undefined && atMs < deletedAt) {
        // Without failures it may have been sent before the deletion, which then removed it.
        if (!isCalm) complain(`event ${number} is older than its user's deletion, but was applied`);
        continue;
      }
      exists = true;
      if (part.kind === 'field')
        write({ values: fields, times: fieldTimes }, event, part.key, part.value === '' ? undefined : part.value);
      if (part.kind === 'token' && !isShared(part.key)) {
        if (part.enabled !== undefined) write({ values: tokens, times: stateTimes }, event, part.key, part.enabled);
        else if (!tokens.has(part.key)) tokens.set(part.key, new Set([true]));
      }
    }
  }
  return { exists, fields, tokens };
}

/** The time of the nearest earlier event of the same user and call that has one (D2). */
function placeOf({ number, firstCall }: Delivered, judged: readonly Judged[]): number | undefined {
  return judged
    .map(({ event }) => event)
    .filter((other) => other.firstCall === firstCall && other.number < number && other.atMs !== undefined)
    .sort((one, other) => other.number - one.number)[0]?.atMs;
}

/** A user's events in the order in which they take effect. */
function inEffectOrder(judged: readonly Judged[]): Judged[] {
  const groups: { untimedCall: number | undefined; judged: Judged[] }[] = [];
  const byArrival = [...judged].sort((one, other) => one.event.number - other.event.number);
  const untimedCalls = new Set(
    byArrival.filter(({ event }) => event.atMs === undefined).map(({ event }) => event.firstCall),
  );
  let isClosed = true;
  for (const one of byArrival) {
    const isDeletion = one.parts.some(({ kind }) => kind === 'deletion');
    const untimedCall = untimedCalls.has(one.event.firstCall) ? one.event.firstCall : undefined;
    const group = groups.at(-1);
    if (group === undefined || isClosed || isDeletion || group.untimedCall !== untimedCall)
      groups.push({ untimedCall, judged: [one] });
    else group.judged.push(one);
    isClosed = isDeletion;
  }
  return groups.flatMap((group) => inTime(group.judged));
}

/** Events that were in progress at the same time: in the order of time, untimed ones after the one before. */
function inTime(judged: readonly Judged[]): Judged[] {
  let place = 0;
  return judged
    .map((one) => {
      place = one.event.atMs ?? place;
      return { one, place };
    })
    .sort((one, other) => one.place - other.place)
    .map(({ one }) => one);
}

export function isShared(token: string): boolean {
  return sharedTokens.some((shared) => token.endsWith(` ${shared}`));
}

/**
 * The final state of a token that several users name: the newest claim owns it, the newest explicit state applies, and
 * a deletion removes the tokens that its user owns.
 *
 * @param judged - Events of all users.
 * @param mayHaveApplied - Whether a claim that was reported stale may have had an effect before.
 */
export function modelToken(
  token: string,
  judged: readonly Judged[],
  { isCalm, mayHaveApplied }: { isCalm: boolean; mayHaveApplied: (event: Delivered) => boolean },
): ModelToken | 'unknown' {
  const claims = judged.flatMap(({ event, parts }) =>
    parts.flatMap((part) => (part.kind === 'token' && part.key === token ? [{ event, part }] : [])),
  );
  const users = new Set(claims.map(({ event }) => event.user));
  const deletions = judged.filter(
    ({ event, parts }) =>
      users.has(event.user) && parts.some(({ kind, fate }) => kind === 'deletion' && fate === 'applied'),
  );
  if (deletions.some(({ event }) => event.isLateDeletion)) return 'unknown';

  const doubtful = claims.filter(({ event, part }) => part.fate === 'stale' && mayHaveApplied(event));
  if (doubtful.length > 3) return 'unknown';
  const steps = inOrder([
    ...claims.filter(({ part }) => part.fate === 'applied'),
    ...deletions.map(({ event }) => ({ event, part: undefined })),
  ]);
  // Of equal times, the one that was accepted last wins, and a repeat is accepted once more (D9).
  const hasRepeats = claims.some(({ event }) => event.draft.isRepeated);
  if ((!isCalm || hasRepeats) && hasTie(steps.map(({ event }) => event))) return 'unknown';
  const isInOrder = steps.every(({ event }, index) => event.number >= (steps[index - 1]?.event.number ?? -1));

  const owner = new Set<string | undefined>();
  const enabled = new Set<boolean | undefined>();
  for (let choice = 0; choice < 2 ** doubtful.length; choice++) {
    const chosen = doubtful.filter((_, index) => (choice >> index) % 2 === 1);
    const end = replay(inOrder([...steps, ...chosen]));
    owner.add(end.owner);
    enabled.add(end.enabled);
  }
  // A deletion removes a token, so its state depends on when the deletion took effect.
  return { owner, enabled: deletions.length > 0 && !(isCalm && isInOrder) ? 'unknown' : enabled };
}

interface Claim {
  readonly event: Delivered;
  /** Absent for a deletion. */
  readonly part: Extract<Part, { kind: 'token' }> | undefined;
}

function inOrder(claims: readonly Claim[]): Claim[] {
  return [...claims].sort(
    (one, other) => (one.event.atMs ?? 0) - (other.event.atMs ?? 0) || one.event.number - other.event.number,
  );
}

function replay(claims: readonly Claim[]): { owner: string | undefined; enabled: boolean | undefined } {
  let owner: string | undefined;
  let enabled: boolean | undefined;
  for (const { event, part } of claims) {
    if (part === undefined) {
      if (owner !== event.user) continue;
      owner = undefined;
      enabled = undefined;
    } else {
      owner = event.user;
      enabled = part.enabled ?? enabled ?? true;
    }
  }
  return { owner, enabled };
}

function hasTie(events: readonly Delivered[]): boolean {
  return new Set(events.map(({ atMs }) => atMs)).size < events.length;
}
