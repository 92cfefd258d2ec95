import { arrayOf, integer, isString, mustBe } from '../option-rules.js';
import { checkFleetOptions, type FleetOptions, onQueue } from './options.js';
import { listDead, redeliver } from './scripts/redeliver.js';

/** An event that can never be delivered as it is: `{ id: '1796083200000-0', event, error: { code: 'invalid_request', … } }`. */
export interface DeadLetter {
  /** Id of the dead letter. The first part is the time at which the event failed, in Unix milliseconds. */
  id: string;
  /** The event, as it was received; if it is not JSON, the text. It holds personal data. */
  event: unknown;
  /** The error as JSON: `name`, `code`, `message` and more. */
  error: unknown;
}

/** Options of {@link readDeadLetters}. */
export interface ReadDeadLettersOptions extends FleetOptions {
  /**
   * Id of the last dead letter that you have read: those after it are read.
   *
   * @defaultValue none: the oldest ones are read
   */
  after?: string | undefined;
  /**
   * Maximum number of dead letters.
   *
   * @defaultValue 100
   */
  count?: number | undefined;
}

/** Options of {@link redeliverDeadLetters}. */
export interface RedeliverDeadLettersOptions extends FleetOptions {
  /** Ids of dead letters. */
  ids: readonly string[];
}

/** Of several ids, Redis would deliver those before an invalid one again, and then fail. */
const id = /* @__PURE__ */ mustBe('the id of a dead letter', (value) => isString(value) && /^\d+-\d+$/.test(value));
const allIds = /* @__PURE__ */ arrayOf(id);

/**
 * Reads dead letters, oldest first. Only the latest 100,000 are kept.
 *
 * @param options - The client of Redis, the name of the queue, and which dead letters to read.
 * @returns The dead letters.
 * @throws `ConfigurationError` if an option is invalid or unknown, and the client's error if Redis fails.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { readDeadLetters, redeliverDeadLetters } from 'segment-onesignal/fleet';
 *
 * const connection = new Redis('redis://127.0.0.1:6379');
 * const letters = await readDeadLetters({ connection });
 * for (const { event, error } of letters) console.log(event, error);
 * // When the cause is fixed:
 * await redeliverDeadLetters({ connection, ids: letters.map(({ id }) => id) });
 * ```
 */
export async function readDeadLetters(options: ReadDeadLettersOptions): Promise<DeadLetter[]> {
  checkFleetOptions(options, { after: id, count: integer(1) });
  const { after, count = 100 } = options;
  const reply = await onQueue(options)(listDead, [after === undefined ? '-' : `(${after}`, count]);
  return (Array.isArray(reply) ? reply : []).map((entry: unknown) => {
    const [id, fields]: unknown[] = Array.isArray(entry) ? entry : [];
    const texts: string[] = (Array.isArray(fields) ? fields : []).map(String);
    const read = (name: string): unknown => parsed(texts[texts.indexOf(name) + 1] ?? 'null');
    return { id: String(id), event: read('event'), error: read('error') };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Puts dead letters back into the queue, for use once the cause is fixed.
 *
 * @param options - The client of Redis, the name of the queue, and the ids of the dead letters.
 * @returns How many of them existed.
 * @throws `ConfigurationError` if an option is missing, invalid or unknown, and the client's error if Redis fails.
 */
export async function redeliverDeadLetters(options: RedeliverDeadLettersOptions): Promise<number> {
  checkFleetOptions(options, { ids: allIds });
  allIds(options.ids, 'ids');
  return Number(await onQueue(options)(redeliver, options.ids));
}
