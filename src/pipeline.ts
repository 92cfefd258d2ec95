import { createDeliverPlans } from './delivery/deliver.js';
import { notify } from './delivery/notify.js';
import type { DeliveryOptions, Hooks } from './delivery/options.js';
import type { Outcome } from './delivery/outcome.js';
import type { StartExchange } from './delivery/sending/exchange.js';
import { createMapper } from './mapping/map-event.js';
import type { MappingOptions } from './mapping/options.js';
import { coalesce } from './onesignal/coalesce/coalesce.js';
import type { Plan } from './onesignal/plan.js';
import { toRequest } from './onesignal/request.js';
import type { OneSignalRequest } from './onesignal/transport.js';
import { parseEvent } from './segment/parse.js';

/** One value per input, in the same order. */
export type Each<Inputs extends readonly unknown[], Value> = { [Index in keyof Inputs]: Value };

/** What one call of `deliver` is bounded by. */
export interface DeliverOptions {
  /** An abort rejects with the signal's reason, and leaves no timer and no socket behind. */
  signal?: AbortSignal | undefined;
  /** Milliseconds; what is unfinished then comes back `retryable`. Beats `delivery.deadlineMs`. */
  deadlineMs?: number | undefined;
}

/** All that a door needs of a destination, so that a fake is one line. */
export interface Deliverer {
  /** Delivers inputs: one outcome per input, in the same order. */
  deliver(inputs: readonly unknown[], options?: DeliverOptions): Promise<readonly Outcome[]>;
}

/** A request of a dry run, and the inputs that it serves. */
export type PlannedRequest = OneSignalRequest & {
  /** Indexes into the inputs. */
  inputs: number[];
};

/** What a dry run shows. */
export interface DryRun<Inputs extends readonly unknown[]> {
  /** One plan per input. */
  plans: Each<Inputs, Plan>;
  /** What would be sent, in order, after coalescing. */
  requests: PlannedRequest[];
}

/** Segment events in, OneSignal out. It keeps tuples: `const [outcome] = await destination.deliver([event])`. */
export interface Destination {
  /** The dry run: what would be sent, and what would be left out. Sends nothing. */
  plan<const Inputs extends readonly unknown[]>(inputs: Inputs): DryRun<Inputs>;
  /** Delivers inputs: one outcome per input, in the same order, whatever happens. Rejects only when aborted, or with a `TypeError` when given no array. */
  deliver<const Inputs extends readonly unknown[]>(
    inputs: Inputs,
    options?: DeliverOptions,
  ): Promise<Each<Inputs, Outcome>>;
}

/** What a line is made of: options that were checked already, and a way to send. */
export interface LineOptions {
  appId: string;
  exchange: StartExchange;
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
  hooks?: Hooks | undefined;
}

/**
 * The line from event to outcome: parse, map, coalesce, send, judge. It knows no HTTP client, so that it runs where the default one cannot.
 *
 * @internal
 */
export function createLine({ appId, exchange, mapping, delivery = {}, hooks }: LineOptions): Destination {
  const mapper = createMapper(mapping);
  const deliverPlans = createDeliverPlans({
    appId,
    exchange,
    delivery,
    tagLimit: mapping?.tagLimit,
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
      const plans = listOf(inputs).map((input) => submissionOf(input).plan);
      const requests = coalesce(plans).map((merged) => ({
        ...toRequest(merged.operation, appId),
        inputs: merged.inputs,
      }));
      return { plans: alike(inputs, plans), requests };
    },
    async deliver(inputs, options) {
      const list = listOf(inputs);
      const submissions = list.map(submissionOf);
      const onOutcome = (index: number, outcome: Outcome): void => notify(hooks?.onOutcome, outcome, list[index]);
      const { signal, deadlineMs } = options ?? {};
      return alike(inputs, await deliverPlans(submissions, { signal, deadlineMs, onOutcome }));
    },
  };
}

/** An input that cannot be parsed can be found again all the same, where it tells its id. */
function messageIdOf(input: unknown): { messageId?: string } {
  try {
    const messageId: unknown = Reflect.get(Object(input), 'messageId');
    return typeof messageId === 'string' ? { messageId } : {};
  } catch {
    return {};
  }
}

/** A copy, without holes: the caller may use the list again. JavaScript callers forget the brackets; without a word the event would count as a list of nothing. */
function listOf(inputs: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(inputs)) return Array.from(inputs);
  throw new TypeError('give an array of events: deliver([event])');
}

function alike<Inputs extends readonly unknown[], Value>(inputs: Inputs, values: Value[]): Each<Inputs, Value>;
function alike(_inputs: readonly unknown[], values: unknown[]): unknown {
  // One value was made per input, which the type system cannot count.
  return values;
}
