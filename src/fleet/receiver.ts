import type { Outcome } from '../delivery/outcome.js';
import { DeliveryError, EventError } from '../errors.js';
import { mappingRule } from '../mapping/mapping-rules.js';
import type { MappingOptions } from '../mapping/options.js';
import { integer } from '../option-rules.js';
import type { Deliverer } from '../pipeline.js';
import { createRedactor } from '../redact/redactor.js';
import { checkFleetOptions, type FleetOptions, onQueue } from './options.js';
import { createPlaceOf } from './partition.js';
import { push } from './scripts/push.js';
import { within } from './within.js';

/** Options of {@link createFleetReceiver}. */
export interface FleetReceiverOptions extends FleetOptions {
  /**
   * `mapping.user` of the workers' destination, if you set it there: it decides which events belong to one user.
   *
   * @defaultValue the event's `userId`
   */
  user?: MappingOptions['user'];
  /**
   * How long Redis may take, in milliseconds. After that the events are `retryable`, so Segment sends them again.
   *
   * @defaultValue 3_000
   */
  timeoutMs?: number | undefined;
}

/**
 * Creates the receiving end of a fleet: an object with `deliver(events)` that stores events in Redis, in place of a
 * destination that sends them. Pass it to `createWebhookHandler`; workers ({@link createFleetWorker}) send the events.
 *
 * Outcomes are `delivered` as soon as Redis has the events, so that the webhook answers 200, and `retryable` if it does
 * not answer in time or refuses, so that the webhook answers 503 and Segment sends them again. Nothing is held in
 * memory. Problems with an event only show up in the worker, which puts it into the dead letters. An event that is not
 * JSON is `failed`.
 *
 * @param options - The client of Redis, and the name of the queue.
 * @returns The deliverer.
 * @throws `ConfigurationError` if the client is of another kind, or an option is unknown or has the wrong type.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { createFleetReceiver } from 'segment-onesignal/fleet';
 * import { createWebhookHandler } from 'segment-onesignal/webhook';
 *
 * // Fails at once while Redis is down, instead of holding events in memory.
 * const connection = new Redis('redis://127.0.0.1:6379', { enableOfflineQueue: false });
 * export const handler = createWebhookHandler(createFleetReceiver({ connection }), { secrets: ['shh'] });
 * ```
 */
export function createFleetReceiver(options: FleetReceiverOptions): Deliverer {
  checkFleetOptions(options, { user: (value) => mappingRule()({ user: value }, ''), timeoutMs: integer(1) });
  const { user, timeoutMs = 3_000 } = options;
  const run = onQueue(options);
  const placeOf = createPlaceOf(user);

  return {
    async deliver(inputs, { signal, deadlineMs = timeoutMs } = {}) {
      signal?.throwIfAborted();
      const texts = inputs.map(textOf);
      const stored = texts.flatMap((text, index) => {
        if (text === undefined) return [];
        const place = placeOf(inputs[index], text);
        return [place.partition, place.user, text];
      });
      const error = stored.length === 0 ? undefined : await failureOf(run, stored, Math.min(timeoutMs, deadlineMs));
      return inputs.map((input, index) => {
        if (texts[index] === undefined) return outcomeOf(input, { status: 'failed', error: notJson });
        return outcomeOf(input, error === undefined ? { status: 'delivered' } : { status: 'retryable', error });
      });
    },
  };
}

const notJson = new EventError('invalid_event', 'Reading the event threw an error. Pass plain JSON data.');

async function failureOf(
  run: ReturnType<typeof onQueue>,
  stored: readonly (string | number)[],
  timeoutMs: number,
): Promise<DeliveryError | undefined> {
  try {
    await within(timeoutMs, run(push, stored));
    return undefined;
  } catch (thrown) {
    // The client's error may hold the command, and the command the events.
    const cause = createRedactor({ ids: [], values: [] }).plainCause(thrown);
    return new DeliveryError(
      'unavailable',
      'The event was not stored, because Redis failed or was too slow (see "cause").',
      { cause },
    );
  }
}

function textOf(input: unknown): string | undefined {
  try {
    return JSON.stringify(input);
  } catch {
    return undefined;
  }
}

type Status =
  | { status: 'delivered' }
  | { status: 'retryable'; error: DeliveryError }
  | { status: 'failed'; error: EventError };

function outcomeOf(input: unknown, status: Status): Outcome {
  const messageId: unknown = Object(input).messageId;
  return { ...status, ...(typeof messageId === 'string' ? { messageId } : {}), applied: [], dropped: [], warnings: [] };
}
