import type { BackendState, TagsSince } from './backend.js';
import type { Complain } from './check.js';
import type { Delivered, Run } from './host.js';
import type { Judged, Part } from './parts.js';
import type { Scenario } from './scenario.js';

/** A tag is dropped only if the user was full without it, and only after tags that come first. Removals never are (D8). */
export function checkTagLimit(
  { isCalm, unchanged, tagLimit = Number.POSITIVE_INFINITY }: Scenario,
  { exchanges }: Run,
  judged: readonly Judged[],
  { tagHistory }: BackendState,
  complain: Complain,
): void {
  for (const { event, parts } of judged) {
    const { user, firstAt, number, outcome } = event;
    const finalAt = event.settledAt ?? firstAt;
    const history = tagHistory.get(user) ?? [];
    // Custom events and segments follow at any time after the tags, so they do not tell when a tag was dropped.
    const own = exchanges.filter(
      (one) =>
        one.isApplied &&
        one.user === user &&
        (one.arrivedAt ?? 0) <= finalAt &&
        one.pieces.some((piece) => event.pieces.has(piece)),
    );
    // A tag that another event wants too may have been written for that event, after this one lost it.
    const others = judged.filter((one) => one.event !== event && one.event.user === user);
    const isOnlyOwn = (piece: string) =>
      event.pieces.has(piece) && !others.some((other) => other.event.pieces.has(piece));
    const certain = own.filter(({ pieces }) => pieces.some(isOnlyOwn));
    const lastWriteAt = Math.max(firstAt, ...certain.map(({ arrivedAt = firstAt }) => arrivedAt));
    // Without failures, a user's writes end together with the event.
    const states = tagsBetween(history, isCalm && !hasFollowUp(event) ? finalAt : lastWriteAt, finalAt);
    const isFullWithout = (key: string) => states.some((keys) => keys.size >= tagLimit && !keys.has(key));

    for (const part of parts) {
      if (part.fate !== 'no room') continue;
      const { key } = part;
      if (part.kind === 'field' && part.value === '')
        complain(`the removal of ${key} by event ${number} was dropped though removals always fit`);
      if (!isFullWithout(key))
        complain(`${key} of event ${number} was dropped though ${user} had room for it or had it`);
      if (!isMembership(key)) continue;
      if (!outcome?.warnings.some(({ code }) => code === 'membership_not_set'))
        complain(`event ${number} lost its membership without a warning`);
      if (outcome?.applied.includes('ensure_segment'))
        complain(`event ${number} ensured a segment without the membership`);
    }
    const dropped = parts.filter(({ fate }) => fate === 'no room').map(({ key }) => rankOf(key));
    for (const part of parts.filter(isSetTag)) {
      // An earlier event has set it.
      if (outcome?.dropped.some(({ path, reason }) => reason === 'unchanged' && path === event.pathOf(part.key)))
        continue;
      const piece = `${user} tag ${part.key}=${part.value}`;
      // Values are repeated there, so the write may be that of the other event.
      if (unchanged === 'skip' && others.some((other) => other.event.pieces.has(piece))) continue;
      const write = own.findLast(({ pieces }) => pieces.includes(piece));
      if (write === undefined || tagsBefore(history, write.arrivedAt ?? 0).has(part.key)) continue;
      if (dropped.some((rank) => rank < rankOf(part.key)))
        complain(`event ${number} set the new tag ${part.key} although a tag that comes first was dropped`);
    }
  }
}

/** Custom events and segments are sent after the writes, at any time. */
function hasFollowUp({ plan }: Delivered): boolean {
  return plan.operations.some(({ type }) => type === 'send_custom_events' || type === 'ensure_segment');
}

/** The tags from one time to another, both included. */
function tagsBetween(history: readonly TagsSince[], from: number, to: number): ReadonlySet<string>[] {
  const first = history.findLastIndex(({ at }) => at <= from);
  return [
    ...(first === -1 ? [new Set<string>()] : []),
    ...history.filter(({ at }, index) => index >= first && at <= to).map(({ keys }) => keys),
  ];
}

function tagsBefore(history: readonly TagsSince[], time: number): ReadonlySet<string> {
  return history.findLast(({ at }) => at < time)?.keys ?? new Set();
}

function isSetTag(part: Part): part is Extract<Part, { kind: 'field' }> {
  return part.kind === 'field' && part.fate === 'applied' && !part.key.includes('/') && part.value !== '';
}

function isMembership(key: string): boolean {
  return key === 'vips' || key === 'buyers';
}

/** Names first, then memberships. */
function rankOf(key: string): number {
  if (key === 'first_name') return 0;
  return isMembership(key) ? 1 : 2;
}
