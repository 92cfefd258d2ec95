import {
  type AcceptedValue,
  createDestination,
  type Destination,
  type MappingOptions,
  type OrderStore,
  type Outcome,
  type Plan,
  parseEvent,
  type SeenStore,
} from '../../../src/index.js';
import { createMapper, type MappedEvent } from '../../../src/mapping/map-event.js';
import { appId } from '../destinations.js';
import type { Backend } from './backend.js';
import type { Clock } from './clock.js';
import { createNetwork, type Exchange, type Network } from './network.js';
import { piecesOf } from './pieces.js';
import { type Draft, eventOf, type Scenario, type Step, withoutSharedClaims } from './scenario.js';

/** An event that the queue has handed out, and what became of it. */
export interface Delivered {
  readonly draft: Draft;
  readonly number: number;
  readonly input: Record<string, unknown>;
  readonly plan: Plan;
  readonly pieces: ReadonlySet<string>;
  /** The path of the field that a tag or profile field came from, as outcomes report it. */
  readonly pathOf: (key: string) => string;
  readonly user: string;
  /** When it arrived first, in Unix milliseconds. */
  readonly firstAt: number;
  /** The call in which it arrived first. */
  readonly firstCall: number;
  /** When it happened, never later than it first arrived; `undefined` if it does not say. */
  readonly atMs: number | undefined;
  /** Whether it deletes its user although newer events of the user were written before. */
  readonly isLateDeletion: boolean;
  isUnderWay: boolean;
  /** How often it was delivered. */
  deliveries: number;
  /** Its final outcome. */
  outcome?: Outcome;
  finalAt?: number;
  /** When the library was done with it; its call may have gone on for other events. */
  settledAt?: number;
  /** Whether it is to be delivered again although it is done. */
  isRepeatDue: boolean;
}

/** The end of a scenario. */
export interface Run {
  readonly events: readonly Delivered[];
  readonly exchanges: readonly Exchange[];
  /** What was wrong along the way. */
  readonly complaints: readonly string[];
}

interface Call {
  readonly events: readonly Delivered[];
  readonly deadlineAt: number;
  isOpen: boolean;
}

/** Long enough for every wait that the documentation allows. */
const patienceMs = 4 * 60 * 60 * 1_000;

/** Plays a scenario: a queue hands out events, and repeats those that are not done until all are. */
export async function play(scenario: Scenario, backend: Backend, clock: Clock): Promise<Run> {
  const { steps, waits, regroup, isCalm } = scenario;
  const mapping = mappingOf(scenario);
  const startMs = clock.now();
  const events: Delivered[] = [];
  const calls: Call[] = [];
  const complaints: string[] = [];
  const due: { event: Delivered; atMs: number }[] = [];
  /** Repeating what an untimed event has overwritten would undo it. */
  const isUntimed = new Set(
    steps.flatMap((step) =>
      step.kind === 'deliver' ? step.drafts.flatMap(({ user, time }) => (time === 'none' ? user : [])) : [],
    ),
  );
  let waited = 0;

  const network = createNetwork(backend, {
    behaviours: scenario.behaviours,
    concurrency: scenario.concurrency,
    inspect: (exchange) => unwantedPiece(exchange, calls, clock.now()),
  });
  const destination = createDestinationFor(scenario, network, (input) => {
    const event = events.find((one) => one.input === input);
    if (event !== undefined && event.outcome === undefined) event.settledAt = clock.now();
  });

  const again = (event: Delivered, afterMs = 0): void => {
    const waitMs = afterMs + (waits[waited++ % waits.length] ?? 0);
    due.push({ event, atMs: clock.now() + waitMs });
    // Fake time stops at timers only.
    setTimeout(() => {}, waitMs);
  };
  const conclude = (event: Delivered, outcome: Outcome): void => {
    event.isUnderWay = false;
    if (outcome.status === 'retryable') {
      if (event.outcome === undefined || event.isRepeatDue) again(event, outcome.retryAfterMs);
      return;
    }
    if (event.outcome === undefined) {
      event.outcome = outcome;
      event.finalAt = clock.now();
      if (event.isRepeatDue && mayRepeat(event) && !events.some((one) => one.user === event.user && isLate(one)))
        again(event);
      else event.isRepeatDue = false;
    } else event.isRepeatDue = false;
  };

  /** Hands events to the destination in one call, without waiting for it. */
  const deliver = (
    batch: readonly Delivered[],
    { deadlineMs = 120_000, abortAfterMs }: Partial<Step & { kind: 'deliver' }>,
  ) => {
    const call: Call = { events: batch, deadlineAt: clock.now() + deadlineMs, isOpen: true };
    calls.push(call);
    for (const event of batch) {
      event.isUnderWay = true;
      event.deliveries++;
    }
    const controller = new AbortController();
    const reason = new Error('aborted by the host');
    const timer =
      abortAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            call.isOpen = false;
            controller.abort(reason);
          }, abortAfterMs);
    destination
      .deliver(
        batch.map(({ input }) => input),
        { deadlineMs, signal: controller.signal },
      )
      .then(
        (outcomes) => {
          clearTimeout(timer);
          call.isOpen = false;
          if (clock.now() > call.deadlineAt) complaints.push(`a call was ${clock.now() - call.deadlineAt} ms late`);
          complaints.push(...wrongOutcomes(batch, outcomes));
          outcomes.forEach((outcome, index) => {
            const event = batch[index];
            if (event !== undefined) conclude(event, outcome);
          });
        },
        (thrown: unknown) => {
          if (thrown !== reason) complaints.push(`deliver rejected: ${String(thrown)}`);
          for (const event of batch) {
            event.isUnderWay = false;
            if (event.outcome === undefined || event.isRepeatDue) again(event);
          }
        },
      );
  };

  const redeliverDue = (): void => {
    const now = clock.now();
    const ready = due.filter(({ atMs }) => atMs <= now).map(({ event }) => event);
    if (ready.length === 0) return;
    due.splice(0, due.length, ...due.filter(({ atMs }) => atMs > now));
    ready.sort((one, other) => one.number - other.number);
    if (regroup === 'reversed') ready.reverse();
    if (regroup === 'alone') for (const event of ready) deliver([event], {});
    else deliver(ready, {});
  };
  const isOpen = (event: Delivered): boolean => event.outcome === undefined;
  /** Lets time pass, redelivering, until this holds. */
  const waitUntil = async (condition: () => boolean, limitMs = patienceMs): Promise<boolean> => {
    const limit = clock.now() + limitMs;
    const isDue = () => due.some(({ atMs }) => atMs <= clock.now());
    while (!condition() && clock.now() < limit) {
      redeliverDue();
      await clock.until(() => condition() || isDue(), limit - clock.now());
    }
    return condition();
  };
  const isIdle = (user: string): boolean =>
    events.every((event) => event.user !== user || (!isOpen(event) && !event.isRepeatDue));
  const holdsBack = (event: Delivered): boolean =>
    event.draft.time === 'none' || (event.plan.operations.some(isDeletion) && (event.isLateDeletion || !isCalm));

  /** The event as of its arrival now. */
  const arrive = (draft: Draft, firstCall: number): Delivered => {
    const number = events.length;
    const now = clock.now();
    const stated = statedTime(draft, number, startMs, now);
    const shared = `shared-${Math.floor(number / 3)}`;
    const isTaken = events.some(({ user, input }) => user === draft.user && input.messageId === shared);
    const messageId = draft.isShared && !isTaken ? shared : `m${number}`;
    const input = eventOf(draft, number, { messageId, atMs: stated, unchanged: scenario.unchanged });
    const { plan, tagPaths } = mapped(input, mapping);
    const atMs = stated === undefined ? undefined : Math.min(stated, now);
    const earlier = events.filter(({ user }) => user === draft.user);
    return {
      draft,
      number,
      input,
      plan,
      pieces: new Set(plan.operations.flatMap(piecesOf)),
      pathOf: (key) => tagPaths().get(key) ?? key,
      user: draft.user,
      firstAt: now,
      firstCall,
      atMs,
      isLateDeletion: plan.operations.some(isDeletion) && earlier.some((event) => (event.atMs ?? 0) > (atMs ?? 0)),
      isUnderWay: false,
      deliveries: 0,
      isRepeatDue: draft.isRepeated && !isUntimed.has(draft.user),
    };
  };

  const playDelivery = async (step: Extract<Step, { kind: 'deliver' }>): Promise<void> => {
    let left = step.drafts.map(withoutSharedClaims);
    while (left.length > 0) {
      const batch: Delivered[] = [];
      const later: Draft[] = [];
      for (const draft of left) {
        const mates = batch.filter(({ user }) => user === draft.user);
        const others = events.filter((event) => event.user === draft.user && !batch.includes(event));
        const open = others.filter(isOpen);
        const hasRepeats = others.some(({ isRepeatDue }) => isRepeatDue);
        const event = arrive(draft, calls.length);
        const isHeld =
          later.some(({ user }) => user === draft.user) ||
          open.some(holdsBack) ||
          (needsQuiet(event) && (open.length > 0 || hasRepeats)) ||
          (mates.length > 0 && !isCalm && (mates.some(holdsBack) || needsQuiet(event))) ||
          (isCalm && mates.length > 0 && (mates.some(isLate) || event.isLateDeletion)) ||
          ([...mates, event].some(isUntimedEvent) && [...mates, event].some(writesNothing) && mates.length > 0);
        if (isHeld) later.push(draft);
        else {
          batch.push(event);
          events.push(event);
        }
      }
      if (batch.length > 0) deliver(batch, step);
      left = later;
      const users = new Set(left.map(({ user }) => user));
      if (left.length > 0 && !(await waitUntil(() => [...users].some((user) => isIdle(user))))) return;
    }
  };
  const needsQuiet = (event: Delivered): boolean => event.draft.time === 'none' || event.isLateDeletion;

  for (const step of steps) {
    if (step.kind === 'deliver') await playDelivery(step);
    else await waitUntil(() => false, step.ms);
    redeliverDue();
  }
  const isDone = await waitUntil(() => events.every((event) => !isOpen(event) && !event.isRepeatDue));
  if (!isDone) {
    const open = events.filter((event) => isOpen(event) || event.isRepeatDue).map(({ number }) => number);
    complaints.push(`events ${open.join()} never ended`);
  }
  await clock.pass(Math.max(60_000, scenario.visibleAfterMs));
  return { events, exchanges: network.exchanges, complaints: [...complaints, ...network.complaints] };
}

const isDeletion = ({ type }: { type: string }): boolean => type === 'delete_user';
const isUntimedEvent = ({ atMs }: Delivered): boolean => atMs === undefined;
/** It is in no user's queue, so an untimed event has no place after it. */
const writesNothing = ({ plan }: Delivered): boolean =>
  plan.operations.every(({ type }) => type === 'send_custom_events' || type === 'ensure_segment');
const isLate = ({ isLateDeletion }: Delivered): boolean => isLateDeletion;

function mappingOf({ mapping, tagLimit, isLimitTold }: Scenario): MappingOptions {
  return isLimitTold ? { ...mapping, tagLimit } : mapping;
}

function mapped(input: unknown, mapping: MappingOptions): MappedEvent {
  const parsed = parseEvent(input);
  if (!parsed.ok) throw parsed.error;
  return createMapper(mapping).map(parsed.event);
}

/** Unique among the events of a scenario, as far as that is possible. */
function statedTime({ time, age, kind }: Draft, number: number, startMs: number, now: number): number | undefined {
  if (time === 'past') return startMs - age * 1_000 + number;
  if (time === 'future') return now + 3_600_000 + number;
  if (time === 'none') return undefined;
  return kind === 'delete' ? now : now - 500 + number;
}

/** An event whose repeat changes nothing: all of it was accepted, so nothing is left to make up for. */
function mayRepeat({ outcome }: Delivered): boolean {
  return (
    outcome?.status === 'delivered' &&
    outcome.dropped.every(({ reason }) => reason !== 'stale' && reason !== 'tag_limit')
  );
}

function createDestinationFor(scenario: Scenario, network: Network, onSettled: (input: unknown) => void): Destination {
  const { missingUser, concurrency, requestsPerSecond, retries, timeoutMs } = scenario;
  return createDestination({
    appId,
    transport: network.transport,
    mapping: mappingOf(scenario),
    hooks: { onOutcome: (_, input) => onSettled(input) },
    delivery: {
      missingUser,
      concurrency,
      requestsPerSecond,
      retries,
      timeoutMs,
      order: scenario.order === 'memory' ? undefined : createOrderStore(scenario.order),
      unchanged: scenario.unchanged,
      seen: scenario.hasSeen ? createSeenStore(scenario.order) : undefined,
    },
  });
}

/** Answers at once, or some milliseconds later as a remote store would. */
function answerAs<Value>(how: Scenario['order'], value: Value): Value | Promise<Value> {
  return how === 'later' ? new Promise((resolve) => setTimeout(() => resolve(value), 7)) : value;
}

function createOrderStore(how: Scenario['order']): OrderStore {
  const users = new Map<string, Map<string, number>>();
  const values = new Map<string, Map<string, AcceptedValue | undefined>>();
  return {
    newest: (user, tags) =>
      answerAs(
        how,
        tags.map((tag) => users.get(user)?.get(tag)),
      ),
    record(user, written) {
      const known = users.get(user) ?? new Map<string, number>();
      users.set(user, known);
      for (const [tag, time] of Object.entries(written)) known.set(tag, Math.max(known.get(tag) ?? time, time));
      return answerAs(how, undefined);
    },
    forget(user) {
      users.delete(user);
      values.delete(user);
      return answerAs(how, undefined);
    },
    accepted: (user, keys) =>
      answerAs(
        how,
        keys.map((key) => values.get(user)?.get(key)),
      ),
    remember(user, accepted) {
      const known = values.get(user) ?? new Map<string, AcceptedValue | undefined>();
      values.set(user, known);
      for (const [key, value] of Object.entries(accepted)) known.set(key, value);
      return answerAs(how, undefined);
    },
  };
}

function createSeenStore(how: Scenario['order']): SeenStore {
  const known = new Set<string>();
  return {
    has: (id) => answerAs(how, known.has(id)),
    add: (id) => {
      known.add(id);
      return answerAs(how, undefined);
    },
  };
}

/** Every part of a request must come from an event whose call is open. */
function unwantedPiece({ pieces, user, request }: Exchange, calls: readonly Call[], now: number): string | undefined {
  const open = calls.filter(({ isOpen, deadlineAt }) => isOpen && now < deadlineAt).flatMap(({ events }) => events);
  const isRead = request.method === 'GET';
  if (isRead && open.length === 0) return 'a read was sent for nobody';
  for (const piece of pieces)
    if (!open.some((event) => event.pieces.has(piece)))
      return `"${piece}" was sent (${request.method}) though no open call holds it`;
  if (user !== undefined && !open.some((event) => event.user === user)) return `${user} was written to for nobody`;
  return undefined;
}

function wrongOutcomes(batch: readonly Delivered[], outcomes: readonly Outcome[]): string[] {
  if (outcomes.length !== batch.length) return [`${outcomes.length} outcomes for ${batch.length} inputs`];
  return batch.flatMap(({ input, number }, index) =>
    outcomes[index]?.messageId === input.messageId ? [] : [`the outcome of event ${number} is that of another one`],
  );
}
