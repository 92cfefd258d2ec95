import type { Outcome } from '../delivery/outcome.js';
import { DeliveryError, EventError } from '../errors.js';
import { optionsOf } from '../known-options.js';
import { arrayOf, isFunction, mustBe, objectOr } from '../option-rules.js';
import type { Deliverer, DeliverOptions } from '../pipeline.js';
import { isRecord, recordOf, type UnknownRecord } from '../record.js';

/** An outcome to give an event: in full, or by its status. */
export type FakeOutcome = Outcome | Outcome['status'];

/** Options of {@link createFakeDestination}. */
export interface FakeDestinationOptions {
  /**
   * Outcomes of the events in the order of their arrival, or a function that chooses one. Events after the last outcome
   * are delivered.
   *
   * @defaultValue every event is delivered
   */
  readonly outcomes?: readonly FakeOutcome[] | ((event: unknown, index: number) => FakeOutcome) | undefined;
}

/** A call of `deliver` that a fake destination received. */
export interface FakeDelivery {
  /** The events of the call. */
  readonly events: readonly unknown[];
  /** The options of the call. */
  readonly options: DeliverOptions | undefined;
}

/** A destination that sends nothing and remembers what it was given. */
export interface FakeDestination extends Deliverer {
  /** The calls of `deliver` so far. */
  readonly deliveries: readonly FakeDelivery[];
  /** The events of all calls so far, in order of arrival. */
  readonly events: readonly unknown[];
}

/**
 * Creates a destination for tests of a host: it records what it was given, and answers with the outcomes that you
 * choose.
 *
 * Like a real one, it rejects if the call is aborted, and with a `TypeError` if the input is not an array.
 *
 * @throws `ConfigurationError` if an outcome is not one that `deliver` returns. `deliver` rejects with it if your
 * function chose the outcome.
 *
 * @example
 * ```ts
 * import { createFakeDestination, identify } from 'segment-onesignal/testing';
 *
 * const destination = createFakeDestination({ outcomes: ['retryable', 'delivered'] });
 * const [outcome] = await destination.deliver([identify()]);
 * console.log(outcome?.status, destination.events.length); // retryable 1
 * ```
 */
export function createFakeDestination(options: FakeDestinationOptions = {}): FakeDestination {
  optionsOf({ outcomes: outcomesRule })(options, '');
  const { outcomes = [] } = options;
  const deliveries: FakeDelivery[] = [];
  const events: unknown[] = [];
  const choose = (event: unknown, index: number): FakeOutcome => {
    if (typeof outcomes !== 'function') return outcomes[index] ?? 'delivered';
    const chosen = outcomes(event, index);
    outcomeRule(chosen, `outcomes.${index}`);
    return chosen ?? 'delivered';
  };
  return {
    deliveries,
    events,
    async deliver(inputs, options) {
      if (!Array.isArray(inputs)) throw new TypeError('Expected an array of events. Pass a single event as [event].');
      options?.signal?.throwIfAborted();
      deliveries.push({ events: [...inputs], options });
      return inputs.map((input: unknown) => {
        const index = events.push(input) - 1;
        const outcome = choose(input, index);
        return typeof outcome === 'string' ? outcomeWith(outcome, input) : outcome;
      });
    },
  };
}

const outcomeRule = /* @__PURE__ */ mustBe(
  "'delivered', 'skipped', 'retryable', 'failed' or an outcome with all its fields, as deliver returns it",
  (outcome) => outcome === undefined || (isRecord(outcome) ? isComplete(outcome) : isStatus(outcome)),
);

const outcomesRule = /* @__PURE__ */ objectOr(
  arrayOf(outcomeRule, 'an array of outcomes'),
  mustBe('an array of outcomes or a function', isFunction),
);

function isStatus(value: unknown): boolean {
  return typeof value === 'string' && ['delivered', 'skipped', 'retryable', 'failed'].includes(value);
}

function isComplete({ status, reason, error, applied, dropped, warnings }: UnknownRecord): boolean {
  if (!isStatus(status) || ![applied, dropped, warnings].every(Array.isArray)) return false;
  if (status === 'skipped') return typeof reason === 'string';
  return status === 'delivered' || isRecord(error);
}

function outcomeWith(status: Outcome['status'], event: unknown): Outcome {
  const { messageId } = recordOf(event);
  const fields = {
    ...(typeof messageId === 'string' ? { messageId } : {}),
    applied: [],
    dropped: [],
    warnings: [],
  };
  switch (status) {
    case 'delivered':
      return { status, ...fields, applied: ['update_user'] };
    case 'skipped':
      return { status, ...fields, reason: 'user_not_found' };
    case 'retryable': {
      const message = 'update_user was answered with 503';
      const error = new DeliveryError('unavailable', message, { operation: 'update_user', status: 503 });
      return { status, ...fields, error, retryAfterMs: 1_000 };
    }
    default:
      return { status, ...fields, error: new EventError('invalid_event', 'The fake destination refused the event') };
  }
}
