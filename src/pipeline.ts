import { type Clock, systemClock } from './clock.js';
import { createDeliverPlans } from './delivery/deliver.js';
import { notify } from './delivery/notify.js';
import type { DeliveryOptions, Hooks } from './delivery/options.js';
import type { Outcome } from './delivery/outcome.js';
import type { StartExchange } from './delivery/sending/exchange.js';
import { optionsOf } from './known-options.js';
import { createMapper } from './mapping/map-event.js';
import type { MappingOptions } from './mapping/options.js';
import { coalesce } from './onesignal/coalesce/coalesce.js';
import type { Plan } from './onesignal/plan.js';
import { toRequest } from './onesignal/request.js';
import type { OneSignalRequest } from './onesignal/transport.js';
import { isFunction, mustBe } from './option-rules.js';
import { parseEvent } from './segment/parse.js';

/** One value per input, in the same order. */
export type Each<Inputs extends readonly unknown[], Value> = { [Index in keyof Inputs]: Value };

/** The bounds of one `deliver` call. */
export interface DeliverOptions {
  /**
   * Aborts the call: `deliver` rejects with the signal's reason and leaves no timer or socket behind.
   *
   * @defaultValue none: the call ends by its deadline
   */
  signal?: AbortSignal | undefined;
  /**
   * Time limit for this call, in milliseconds. Events that are not done by then come back as `retryable`.
   *
   * @defaultValue `delivery.deadlineMs`
   */
  deadlineMs?: number | undefined;
}

/** The part of a destination that hosts need, so that a fake takes one line. */
export interface Deliverer {
  /** Delivers inputs: one outcome per input, in the same order. */
  deliver(inputs: readonly unknown[], options?: DeliverOptions): Promise<readonly Outcome[]>;
}

/** A request of a dry run, with the inputs it serves. */
export type PlannedRequest = OneSignalRequest & {
  /** Indexes into the inputs. */
  inputs: number[];
};

/** The result of a dry run. */
export interface DryRun<Inputs extends readonly unknown[]> {
  /** One plan per input. */
  plans: Each<Inputs, Plan>;
  /** The requests that would be sent, in order, after coalescing. */
  requests: PlannedRequest[];
}

/**
 * Maps Segment events and delivers them to one OneSignal app.
 *
 * Tuples stay tuples: `const [outcome] = await destination.deliver([event])`.
 */
export interface Destination {
  /** Dry run: shows the plans and requests, and sends nothing. */
  plan<const Inputs extends readonly unknown[]>(inputs: Inputs): DryRun<Inputs>;
  /**
   * Delivers inputs: one outcome per input, in the same order, even if everything fails.
   *
   * Rejects only if you abort the call, with a `TypeError` if the input is not an array, or with a `ConfigurationError`
   * if an option is invalid or unknown.
   */
  deliver<const Inputs extends readonly unknown[]>(
    inputs: Inputs,
    options?: DeliverOptions,
  ): Promise<Each<Inputs, Outcome>>;
}

/** The parts of a pipeline: checked options, and a way to send. */
export interface PipelineOptions {
  clock?: Clock | undefined;
  appId: string;
  startExchange: StartExchange;
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
  hooks?: Hooks | undefined;
}

/**
 * Connects the steps from event to outcome: parse, map, coalesce, send, judge. It contains no HTTP client, so it runs
 * where the default one cannot.
 *
 * @internal
 */
export function createPipeline({
  clock = systemClock,
  appId,
  startExchange,
  mapping,
  delivery = {},
  hooks,
}: PipelineOptions): Destination {
  const mapper = createMapper(mapping);
  const deliverPlans = createDeliverPlans({
    clock,
    appId,
    startExchange,
    delivery,
    tagLimit: mapping?.tagLimit,
    deletesUsers: mapping?.deleteUsers === true,
    onAttempt: hooks?.onAttempt,
  });

  const submissionOf = (input: unknown) => {
    const parsed = parseEvent(input);
    if (!parsed.ok) {
      const plan: Plan = { status: 'failed', ...messageIdOf(input), error: parsed.error, operations: [], dropped: [] };
      return { plan, pathOf: (key: string) => key };
    }
    const { plan, tagPaths } = mapper.map(parsed.event);
    return { plan, pathOf: (key: string) => tagPaths().get(key) ?? key };
  };

  return {
    plan(inputs) {
      const plans = copyOf(inputs).map((input) => submissionOf(input).plan);
      const requests = coalesce(plans).map((merged) => ({
        ...toRequest(merged.operation, appId),
        inputs: merged.inputs,
      }));
      return { plans: matching(inputs, plans), requests };
    },
    async deliver(inputs, options) {
      const copied = copyOf(inputs);
      const submissions = copied.map(submissionOf);
      const onOutcome = (index: number, outcome: Outcome): void => notify(hooks?.onOutcome, outcome, copied[index]);
      const { signal, deadlineMs } = checked(options);
      return matching(inputs, await deliverPlans(submissions, { signal, deadlineMs, onOutcome }));
    },
  };
}

const checkCallOptions = /* @__PURE__ */ optionsOf({
  signal: /* @__PURE__ */ mustBe('an AbortSignal', (value) => isFunction(Object(value).addEventListener)),
  deadlineMs: /* @__PURE__ */ mustBe(
    'a number of milliseconds',
    (value) => typeof value === 'number' && !Number.isNaN(value),
  ),
});

function checked(options: DeliverOptions | null | undefined): DeliverOptions {
  const given = options ?? {};
  checkCallOptions(given, '');
  return given;
}

/** An input that cannot be parsed can still be found again if it has a readable id. */
function messageIdOf(input: unknown): { messageId?: string } {
  try {
    const messageId: unknown = Reflect.get(Object(input), 'messageId');
    return typeof messageId === 'string' ? { messageId } : {};
  } catch {
    return {};
  }
}

/**
 * Copied without holes, since the caller may reuse the array. A single event without brackets, which JavaScript callers
 * pass by mistake, must not look like an empty array.
 */
function copyOf(inputs: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(inputs)) return Array.from(inputs);
  throw new TypeError('Expected an array of events. Pass a single event as [event].');
}

function matching<Inputs extends readonly unknown[], Value>(inputs: Inputs, values: Value[]): Each<Inputs, Value>;
function matching(_inputs: readonly unknown[], values: unknown[]): unknown {
  // One value was made per input, which the type system cannot count.
  return values;
}
