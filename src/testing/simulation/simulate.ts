import { checkDestinationOptions } from '../../check-options.js';
import type { Clock } from '../../clock.js';
import type { DeliveryOptions } from '../../delivery/options.js';
import type { Outcome } from '../../delivery/outcome.js';
import { optionsOf } from '../../known-options.js';
import type { MappingOptions } from '../../mapping/options.js';
import type { OneSignalCustomEvent } from '../../onesignal/operation.js';
import { arrayOf, integer, isString, mustBe } from '../../option-rules.js';
import { createPipeline } from '../../pipeline.js';
import { checkFault, checkNewUser } from '../../sandbox/check-options.js';
import type { SandboxRequest } from '../../sandbox/log.js';
import type { Fault, NewSandboxUser } from '../../sandbox/options.js';
import type { SandboxSegment, SandboxUser } from '../../sandbox/readers.js';
import { createSandboxOn } from '../../sandbox/sandbox.js';
import { testAppId } from '../planner.js';
import { arrivalsOf } from './arrivals.js';
import { connect } from './connection.js';
import { playHost } from './host.js';
import { createVirtualClock } from './virtual-clock.js';

/** Options of {@link simulate}. */
export interface SimulationOptions {
  /**
   * How events are mapped.
   *
   * @defaultValue the default rules, without any opt-in
   */
  readonly mapping?: MappingOptions | undefined;
  /**
   * How events are delivered. Stores of your own must answer without I/O, such as a `Set`: virtual time does not wait
   * for real time.
   *
   * @defaultValue the default of each option of `DeliveryOptions`
   */
  readonly delivery?: DeliveryOptions | undefined;
  /**
   * Users that OneSignal has at the start: ids, or users with tags, aliases and subscriptions.
   *
   * @defaultValue every user: an unknown one is created by the first write
   */
  readonly users?: readonly (string | NewSandboxUser)[] | undefined;
  /**
   * Number of tags that the OneSignal plan allows per user.
   *
   * @defaultValue no limit
   */
  readonly tagLimit?: number | undefined;
  /**
   * Faults of OneSignal and the network: `[{ status: 503, rate: 0.1 }]`.
   *
   * @defaultValue none
   */
  readonly faults?: readonly Fault[] | undefined;
  /**
   * How often a `retryable` event is delivered again, each time after its `retryAfterMs`, as a queue would.
   *
   * @defaultValue 10
   */
  readonly redeliveries?: number | undefined;
  /**
   * Seed of the random numbers: of the faults and of the waits before retries. The same seed gives the same run.
   *
   * @defaultValue 1
   */
  readonly seed?: number | undefined;
}

/** How a simulation ended. */
export interface Simulation {
  /** The last outcome of each event, in the order of the events. */
  readonly outcomes: Outcome[];
  /** The users with their tags, by id. */
  readonly users: Record<string, SandboxUser>;
  /** The segments with their members, by name. */
  readonly segments: Record<string, SandboxSegment>;
  /** The custom events that OneSignal accepted. */
  readonly customEvents: OneSignalCustomEvent[];
  /** The requests that OneSignal received, at most the last 100,000, in order of arrival and with virtual times. */
  readonly requests: SandboxRequest[];
  /** Virtual time from the first arrival to the last outcome, in milliseconds. */
  readonly durationMs: number;
}

const filled = /* @__PURE__ */ mustBe('a non-empty string', (value) => value !== '');

const checkOptions = /* @__PURE__ */ optionsOf({
  mapping: () => {},
  delivery: () => {},
  users: /* @__PURE__ */ arrayOf(checkUser, 'an array of ids and users'),
  tagLimit: /* @__PURE__ */ integer(0),
  faults: /* @__PURE__ */ arrayOf(checkFault, 'an array of faults'),
  redeliveries: /* @__PURE__ */ integer(0),
  seed: /* @__PURE__ */ mustBe('a number', (value) => typeof value === 'number'),
});

/**
 * Delivers a stream of events to an in-memory OneSignal in virtual time, and returns the final state.
 *
 * It runs the real delivery, with merging, limits, retries and the order guard, and with OneSignal's rate limits.
 * Events arrive when Segment received them (`receivedAt`, or else `timestamp`), in the order of the array. Days pass in
 * milliseconds. The clock of the process is not touched, so simulations can run in parallel.
 *
 * @throws `ConfigurationError` if an option is invalid.
 * @example
 * ```ts
 * import { createEvents, simulate } from 'segment-onesignal/testing';
 *
 * const events = createEvents();
 * const { users, segments } = await simulate([events.identify(), events.audience.entered('vip')], { tagLimit: 10 });
 * console.log(users['user-1']?.tags, segments.vip?.members);
 * ```
 */
export async function simulate(events: readonly unknown[], options: SimulationOptions = {}): Promise<Simulation> {
  if (!Array.isArray(events)) throw new TypeError('Expected an array of events. Pass a single event as [event].');
  checkOptions(options, '');
  const { mapping, delivery, users, tagLimit, faults = [], redeliveries = 10, seed = 1 } = options;
  checkDestinationOptions({ appId: testAppId, apiKey: 'unused', mapping, delivery });
  const arrivals = arrivalsOf(events);
  const startMs = arrivals[0]?.atMs ?? 0;
  const clock = createVirtualClock(startMs, seed);
  const createSandbox = (sandboxClock: Clock) =>
    createSandboxOn(sandboxClock, {
      rateLimits: true,
      unknownUsers: users === undefined ? 'known' : 'missing',
      seed,
      tagLimit,
    });
  const connection = connect(clock, createSandbox, { hasFaults: faults.length > 0 });
  const { sandbox, startExchange } = connection;
  for (const user of users ?? []) sandbox.addUser(isString(user) ? { externalId: user } : user);
  for (const fault of faults) sandbox.fail(fault);
  const destination = createPipeline({ clock, appId: testAppId, startExchange, mapping, delivery });

  const outcomes = await playHost({ events, arrivals, destination, redeliveries, clock, isBusy: connection.isBusy });
  return {
    outcomes,
    users: Object.fromEntries(sandbox.users().map((user) => [user.externalId, user])),
    segments: Object.fromEntries(sandbox.segments().map((segment) => [segment.name, segment])),
    customEvents: sandbox.customEvents(),
    requests: sandbox.requests(),
    durationMs: clock.now() - startMs,
  };
}

function checkUser(user: unknown, option: string): void {
  if (isString(user)) filled(user, option);
  else checkNewUser(user, option);
}
