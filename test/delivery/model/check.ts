import type { BackendState } from './backend.js';
import { checkResumed } from './check-resumed.js';
import { checkTagLimit } from './check-tag-limit.js';
import type { Delivered, Run } from './host.js';
import { isShared, modelToken, modelUser } from './model.js';
import { type Exchange, isUnseen } from './network.js';
import { type Judged, judge, type Part } from './parts.js';
import { type Scenario, userIds } from './scenario.js';

/** Compares the end of a scenario with the model, and every outcome with the rules. Returns the differences. */
export function check(scenario: Scenario, run: Run, state: BackendState): string[] {
  const complaints = [...run.complaints, ...state.violations];
  const complain = (complaint: string): void => void complaints.push(complaint);
  const judged = run.events.filter(({ outcome }) => outcome !== undefined).map(judge);
  checkUsers(scenario, run, judged, state, complain);
  checkTokens(scenario, run, judged, state, complain);
  checkPurchases(scenario, run, judged, complain);
  checkShared(judged, state, complain);
  for (const one of judged) checkFates(scenario, one, judged, complain);
  checkResumed(run, judged, complain);
  checkTagLimit(scenario, run, judged, state, complain);
  return complaints;
}

/** Called with each difference. */
export type Complain = (complaint: string) => void;

export const initialTags = (user: string): Record<string, string> => ({ a: `initial ${user}` });

function checkUsers(
  { isCalm, existing }: Scenario,
  { exchanges }: Run,
  judged: readonly Judged[],
  state: BackendState,
  complain: Complain,
) {
  for (const user of userIds) {
    const own = judged.filter(({ event }) => event.user === user);
    if (hasTiedDeletion(own)) continue;
    const exists = existing.includes(user);
    const model = modelUser(own, { exists, tags: exists ? initialTags(user) : {} }, { isCalm, complain });
    const actual = state.users.get(user);
    if (model.exists !== (actual !== undefined) && (model.exists || !isCreatedUnseen(user, exchanges))) {
      complain(`${user} should ${model.exists ? '' : 'not '}exist`);
      continue;
    }
    const { tags = {}, aliases = {}, profile = {} } = actual ?? {};
    const fields = new Map<string, string>([
      ...Object.entries(tags),
      ...Object.entries(aliases).map(([label, id]) => [`alias/${label}`, id] as const),
      ...(['language', 'country', 'lat'] as const).flatMap((field) =>
        profile[field] === undefined ? [] : [[`profile/${field}`, String(profile[field])] as const],
      ),
    ]);
    for (const key of new Set([...fields.keys(), ...model.fields.keys()])) {
      const allowed = model.fields.get(key) ?? new Set([undefined]);
      if (!allowed.has(fields.get(key))) complain(`${user} ${key} is ${fields.get(key)}, expected ${textOf(allowed)}`);
    }
    for (const [token, allowed] of model.tokens) {
      const found = state.subscriptions.find((one) => `${one.type} ${one.token}` === token);
      if (found?.owner !== user) complain(`${token} belongs to ${found?.owner}, expected ${user}`);
      else if (!allowed.has(found.enabled)) complain(`${token} is ${found.enabled}, expected ${textOf(allowed)}`);
    }
    for (const { type, token, owner } of state.subscriptions)
      if (owner === user && !isShared(`${type} ${token}`) && !model.tokens.has(`${type} ${token}`))
        complain(`${user} has ${type} ${token}, expected none`);
  }
}

/** Whether the user was created, since the last deletion, by a request whose answer was lost. Its event may be stale by now. */
function isCreatedUnseen(user: string, exchanges: readonly Exchange[]): boolean {
  const applied = exchanges.filter((one) => one.user === user && one.isApplied);
  const deleted = applied.findLastIndex(({ request }) => request.method === 'DELETE');
  return applied.slice(deleted + 1).some((one) => isUnseen(one) && one.request.path.endsWith('/users'));
}

/** Either of two may come first if they happened at the same time. */
function hasTiedDeletion(judged: readonly Judged[]): boolean {
  const deletions = judged.filter(({ parts }) => parts.some(({ kind }) => kind === 'deletion'));
  return deletions.some(({ event }) =>
    judged.some(({ event: other }) => other !== event && other.atMs !== undefined && other.atMs === event.atMs),
  );
}

function checkTokens(
  { isCalm }: Scenario,
  { exchanges }: Run,
  judged: readonly Judged[],
  state: BackendState,
  complain: Complain,
) {
  const claimed = judged.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'token' ? part.key : [])));
  const actual = new Map(state.subscriptions.map((one) => [`${one.type} ${one.token}`, one]));
  for (const token of new Set([...claimed, ...actual.keys()].filter(isShared))) {
    const users = new Set(
      judged.flatMap(({ event, parts }) => (parts.some((part) => part.key === token) ? event.user : [])),
    );
    if ([...users].some((user) => hasTiedDeletion(judged.filter(({ event }) => event.user === user)))) continue;
    const mayHaveApplied = ({ user }: Delivered) =>
      exchanges.some((one) => isUnseen(one) && one.pieces.includes(`${user} subscription ${token}`));
    const model = modelToken(token, judged, { isCalm, mayHaveApplied });
    if (model === 'unknown') continue;
    const found = actual.get(token);
    if (!model.owner.has(found?.owner))
      complain(`${token} belongs to ${found?.owner}, expected ${textOf(model.owner)}`);
    else if (model.enabled !== 'unknown' && !model.enabled.has(found?.enabled))
      complain(`${token} is ${found?.enabled}, expected ${textOf(model.enabled)}`);
  }
}

function checkPurchases({ hasSeen }: Scenario, { exchanges }: Run, judged: readonly Judged[], complain: Complain) {
  for (const { event, parts } of judged) {
    for (const part of parts) {
      if (part.kind !== 'purchase') continue;
      const applied = exchanges.filter(
        ({ isApplied, pieces }) => isApplied && pieces.includes(`${event.user} purchase ${part.key}`),
      );
      const seen = applied.filter((one) => !isUnseen(one)).length;
      const mayRepeat = !hasSeen && event.draft.isRepeated;
      if (seen > (mayRepeat ? 2 : 1)) complain(`purchase ${part.key} was counted ${seen} times`);
      if (part.fate === 'applied' && seen === 0) complain(`purchase ${part.key} is lost`);
      if (part.fate === 'dropped' && applied.length === 0) complain(`purchase ${part.key} was never counted`);
    }
  }
}

/** Custom events and segments: those that were applied exist, and no others. */
function checkShared(judged: readonly Judged[], state: BackendState, complain: Complain) {
  const segments = new Set(state.segments.map(({ key }) => key));
  for (const { event, parts } of judged) {
    for (const { kind, key, fate } of parts) {
      if (fate !== 'applied') continue;
      if (kind === 'custom event' && !state.customEvents.has(key))
        complain(`the custom event of event ${event.number} is lost`);
      if (kind === 'segment' && !segments.has(key)) complain(`the segment ${key} is missing`);
    }
  }
  const wanted = new Set(
    judged.flatMap(({ parts }) => parts.flatMap(({ kind, key }) => (kind === 'segment' ? key : []))),
  );
  for (const key of segments) if (!wanted.has(key)) complain(`nobody wanted the segment ${key}`);
}

/** Every part of an event that was not applied needs a reason. */
function checkFates(scenario: Scenario, { event, parts }: Judged, judged: readonly Judged[], complain: Complain) {
  const { outcome, number } = event;
  for (const part of parts) {
    const name = `${part.kind} ${part.key} of event ${number}`;
    if (part.fate === 'unsaid' && !(part.kind === 'segment' && lacksMembership(part.key, parts, outcome)))
      complain(`${name} is neither applied nor dropped`);
    if (part.fate === 'stale' && !isStale(event, part, judged)) complain(`${name} is not stale`);
    if (part.fate === 'missing user' && !mayMissUser(scenario, event, part, parts, judged))
      complain(`${name} was skipped although the user exists`);
    if (part.fate === 'refused' && !mayBeRefused(scenario, event, part, judged))
      complain(`${name} was refused: ${outcome?.status === 'failed' ? outcome.error.message : ''}`);
    if (part.fate === 'dropped' && part.kind !== 'purchase') complain(`${name} was dropped`);
  }
}

/** Without its membership tag an event ensures no segment. */
function lacksMembership(key: string, parts: readonly Part[], outcome: Delivered['outcome']): boolean {
  const isWritten = parts.some((part) => part.kind === 'field' && part.key === key && part.fate === 'applied');
  return !isWritten || (outcome?.warnings ?? []).some(({ code }) => code === 'segment_not_created');
}

/** Whether the part is a deletion that took effect. */
function isDone({ kind, fate }: Part): boolean {
  return kind === 'deletion' && fate === 'applied';
}

/** Whether a newer event, which arrived before this one was done, has decided already. */
function isStale(event: Delivered, part: Part, judged: readonly Judged[]): boolean {
  const at = event.atMs;
  if (at === undefined) return false;
  return judged.some(({ event: other, parts }) => {
    if (other === event || other.firstAt > (event.finalAt ?? 0)) return false;
    const isOwn = other.user === event.user;
    // A deletion without a time counts from when it was done.
    const isUntimedDeletion = other.atMs === undefined && parts.some(isDone);
    if (isOwn && isUntimedDeletion) return at < (other.finalAt ?? 0);
    if (other.atMs === undefined) return false;
    return parts.some((theirs) => {
      if (isDone(theirs) && isOwn) return part.kind === 'deletion' ? (other.atMs ?? 0) >= at : (other.atMs ?? 0) > at;
      if ((other.atMs ?? 0) <= at || theirs.fate === 'missing user' || theirs.fate === 'no room') return false;
      if (part.kind === 'field' && theirs.kind === 'field') {
        if (isOwn && theirs.key === part.key) return true;
        return part.key.startsWith('alias/') && theirs.key === part.key && theirs.value === part.value;
      }
      if (part.kind === 'token' && theirs.kind === 'token' && theirs.key === part.key)
        return !isOwn || (part.enabled !== undefined && theirs.enabled !== undefined);
      // The segment of an event goes with its membership tag.
      return part.kind === 'segment' && isOwn && theirs.kind === 'field' && theirs.key === part.key;
    });
  });
}

/** Whether the user may have been unknown to OneSignal while the event was under way. */
function mayMissUser(
  { existing, missingUser }: Scenario,
  event: Delivered,
  part: Part,
  parts: readonly Part[],
  judged: readonly Judged[],
): boolean {
  const own = judged.filter((one) => one.event.user === event.user && one.event !== event);
  const creates = parts.some(
    (part) =>
      (part.kind === 'token' || (part.kind === 'field' && !part.key.includes('/') && part.value !== '')) &&
      part.fate !== 'stale',
  );
  const deletions = own.filter(({ parts }) => parts.some(isDone));
  const isDeletedSince = (fromMs: number): boolean =>
    deletions.some((one) => (one.event.finalAt ?? 0) >= fromMs && one.event.firstAt <= (event.finalAt ?? 0));
  // Custom events create nobody.
  if (missingUser === 'create' && creates && part.kind !== 'custom event')
    return isSentAlone(part) && isDeletedSince(event.firstAt);
  if (existing.includes(event.user)) return isDeletedSince(0);
  const makers = own.filter((one) => {
    const writes = one.parts.some(
      ({ kind, fate }) => fate === 'applied' && (kind === 'field' || kind === 'token' || kind === 'purchase'),
    );
    return writes && (one.event.finalAt ?? Number.POSITIVE_INFINITY) <= event.firstAt;
  });
  return makers.every((one) => isDeletedSince(one.event.firstAt));
}

/** The user may be deleted between the request that creates the user, which removes no tags, and this part. */
function isSentAlone(part: Part): boolean {
  const isRemoval = part.kind === 'field' && part.value === '' && !part.key.includes('/');
  return isRemoval || part.kind === 'purchase' || part.key.startsWith('alias/');
}

/** The only refusal in these scenarios is an alias that another user has. */
function mayBeRefused({ isCalm }: Scenario, event: Delivered, part: Part, judged: readonly Judged[]): boolean {
  const { outcome } = event;
  if (outcome?.status !== 'failed' || outcome.error.code !== 'conflict') return false;
  if (part.kind !== 'field' || !part.key.startsWith('alias/')) return false;
  return judged.some(({ event: other, parts }) => {
    const holds = parts.some(
      (theirs) => theirs.kind === 'field' && theirs.key === part.key && theirs.value === part.value,
    );
    if (other.user === event.user || !holds || other.firstAt > (event.finalAt ?? 0)) return false;
    // Freed again in the order of time, by an event that arrived no later.
    const isFreed = judged.some(
      (one) =>
        one.event.user === other.user &&
        one.event.firstCall <= event.firstCall &&
        (one.event.atMs ?? 0) >= (other.atMs ?? 0) &&
        (one.event.atMs ?? 0) < (event.atMs ?? 0) &&
        one.parts.some(isDone),
    );
    return !(isCalm && isFreed);
  });
}

function textOf(allowed: ReadonlySet<unknown>): string {
  return [...allowed].map(String).join(' or ');
}
