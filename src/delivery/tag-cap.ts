import type { UpdateUser } from '../onesignal/operation.js';
import { viewUserRequest } from '../onesignal/request.js';
import { dropForRoom, type Entry, isWanted, membershipKey } from './entry.js';
import { createExpiringMap } from './expiring-map.js';
import { createFlight, deadlineOf, land, pause } from './flight.js';
import type { Sender } from './send.js';
import type { Verdict } from './verdict.js';

const rememberedMs = 10 * 60 * 1000;
const maxRemembered = 10_000;
/** OneSignal answers one read of a user a second, for the whole app. */
const viewIntervalMs = 1_000;
/** Segment's own names survive any limit first (spec M4, M12). */
const nameKeys = ['first_name', 'last_name'];

/** What the recovery needs. */
export interface TagCapOptions {
  sender: Sender;
  appId: string;
  /** What OneSignal's plan allows, if the user of the library said so. */
  tagLimit: number | undefined;
  /** Sends an update of a user. */
  send(operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict>;
  /** Books what OneSignal accepted. */
  accepted(operation: UpdateUser, entries: readonly Entry[]): void | Promise<void>;
}

/** Gets as much as possible of an update to a user who has as many tags as OneSignal's plan allows. */
export interface TagCap {
  /** Whether the user was at the cap a short while ago. */
  isKnown(operation: UpdateUser): boolean;
  /** After OneSignal refused an update for the cap, or knowing that it would; the verdict is on what was sent last. */
  recover(operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict>;
}

/**
 * Tag cap recovery (spec D8). OneSignal refuses an update that goes past the cap as a whole, and counts before it removes: so removals go alone, then the rest
 * once more, then only what the user has already.
 *
 * @see {@link https://documentation.onesignal.com/docs/add-user-data-tags | OneSignal: Data tags, limits}
 * @internal
 */
export function createTagCap({ sender, appId, tagLimit, send, accepted }: TagCapOptions): TagCap {
  const atCap = createExpiringMap<true>(maxRemembered);
  let nextViewAt = 0;

  /** The user's tags now; `undefined` where they cannot be read in time. */
  const view = async (
    operation: UpdateUser,
    entries: readonly Entry[],
  ): Promise<Record<string, unknown> | undefined> => {
    const flight = createFlight(entries.filter(isWanted));
    const now = Date.now();
    const slotAt = Math.max(now, nextViewAt);
    if (slotAt >= deadlineOf(flight)) {
      land(flight);
      return undefined;
    }
    nextViewAt = slotAt + viewIntervalMs;
    const work = { operation, request: viewUserRequest(operation.user, appId), reads: true } as const;
    const isInTime = slotAt === now || (await pause(slotAt - now, flight));
    const verdict = isInTime ? await sender.send(work, flight) : undefined;
    land(flight);
    return verdict?.kind === 'accepted' ? tagsOf(verdict.body) : undefined;
  };

  const sendWhatFits = async (operation: UpdateUser, entries: readonly Entry[]): Promise<Verdict> => {
    atCap.set(operation.user.id, true, rememberedMs);
    const known = await view(operation, entries);
    const fitting = known === undefined ? new Set<string>() : fittingKeys(operation, entries, known, tagLimit);
    const rest = new Set(Object.keys(operation.tags).filter((key) => !fitting.has(key)));
    if (fitting.size > 0) {
      const part = partOf(operation, fitting);
      const verdict = await send(part, entries);
      if (verdict.kind === 'accepted') await accepted(part, entries);
      else if (verdict.kind !== 'tag_cap') return verdict;
      else for (const key of fitting) rest.add(key);
    }
    for (const entry of entries.filter(isWanted)) dropForRoom(entry, ownOf(entry, rest), 'tag_limit');
    return { kind: 'accepted', body: undefined };
  };

  return {
    isKnown: ({ user }) => atCap.get(user.id) !== undefined,
    async recover(operation, entries) {
      const removals = Object.entries(operation.tags).flatMap(([key, value]) => (value === '' ? [key] : []));
      const isMixed = removals.length > 0 && removals.length < Object.keys(operation.tags).length;
      if (atCap.get(operation.user.id) !== undefined || !isMixed) return sendWhatFits(operation, entries);

      const removal = partOf(operation, new Set(removals));
      const rest = partOf(operation, new Set(Object.keys(operation.tags).filter((key) => !removals.includes(key))));
      const removed = await send(removal, entries);
      if (removed.kind === 'tag_cap') return sendWhatFits(operation, entries);
      if (removed.kind !== 'accepted') return removed;
      await accepted(removal, entries);
      const verdict = await send(rest, entries);
      if (verdict.kind === 'tag_cap') return sendWhatFits(rest, entries);
      if (verdict.kind === 'accepted') await accepted(rest, entries);
      return verdict;
    },
  };
}

/** Keys that the user has, and new ones as far as there is room: names first, then memberships, then the rest as they stand. */
function fittingKeys(
  operation: UpdateUser,
  entries: readonly Entry[],
  known: Record<string, unknown>,
  tagLimit: number | undefined,
): Set<string> {
  const has = (key: string): boolean => Object.hasOwn(known, key);
  const keys = Object.keys(operation.tags);
  const memberships = entries.map(membershipKey);
  const rank = (key: string): number => (nameKeys.includes(key) ? 0 : memberships.includes(key) ? 1 : 2);
  const added = keys.filter((key) => !has(key) && operation.tags[key] !== '').sort((a, b) => rank(a) - rank(b));
  const room = tagLimit === undefined ? 0 : Math.max(0, tagLimit - Object.keys(known).length);
  return new Set([...keys.filter(has), ...added.slice(0, room)]);
}

function partOf(operation: UpdateUser, keys: ReadonlySet<string>): UpdateUser {
  return { ...operation, tags: Object.fromEntries(Object.entries(operation.tags).filter(([key]) => keys.has(key))) };
}

/** Of some keys those that the input itself wrote. Removals of what the user does not have are done, not lost. */
function ownOf(entry: Entry, keys: ReadonlySet<string>): Set<string> {
  const own = entry.writes.flatMap((write) => (write.type === 'update_user' ? Object.entries(write.tags) : []));
  return new Set(own.flatMap(([key, value]) => (keys.has(key) && value !== '' ? [key] : [])));
}

function tagsOf(body: unknown): Record<string, unknown> {
  const tags = readObject(readObject(body).properties).tags;
  return readObject(tags);
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
