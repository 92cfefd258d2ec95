import type { Outcome } from '../delivery/outcome.js';
import { EventError } from '../errors.js';
import { digestLength, partitionCount } from './partition.js';
import { type Settlement, settlementOf } from './settlement.js';

/** An event that the session has taken from Redis and not acknowledged yet. */
export interface TakenEvent {
  readonly id: string;
  readonly partition: number;
  /** Digest of the user. */
  readonly user: string;
  readonly arrivedMs: number;
  /** Approximate size of the stored event. */
  readonly bytes: number;
  /** Whether it was delivered before, and has to be written once more. */
  readonly isRepair: boolean;
  /** `undefined` if it cannot be read. */
  readonly input: unknown;
  /** Why the input cannot be read. */
  readonly problem?: EventError;
}

/** An acknowledgement that Redis has yet to be told. */
export interface Acknowledgement {
  readonly event: TakenEvent;
  readonly settlement: Settlement;
}

const timeLength = 13;

/** Reads the answer of a script: id, partition, repair and what is stored of each event. @internal */
export function readTaken(reply: readonly unknown[]): TakenEvent[] {
  const events: TakenEvent[] = [];
  for (let index = 0; index + 3 < reply.length; index += 4) {
    const [id, partition, isRepair, stored] = reply.slice(index, index + 4);
    const text = String(stored);
    events.push({
      id: String(id),
      partition: Number(partition),
      isRepair: Number(isRepair) === 1,
      user: text.slice(0, digestLength),
      arrivedMs: Number(text.slice(digestLength, digestLength + timeLength)),
      bytes: text.length,
      ...readInput(text.slice(digestLength + timeLength)),
    });
  }
  return events;
}

/** One event that cannot be read must not keep the others from being taken. */
function readInput(json: string): Pick<TakenEvent, 'input' | 'problem'> {
  try {
    return { input: JSON.parse(json) };
  } catch {
    return { input: undefined, problem: notJson };
  }
}

const notJson = new EventError(
  'invalid_event',
  'What Redis holds of the event is not JSON. Check what else writes to the keys of the queue.',
);

/** The events of a session, from the moment they are taken until Redis knows that they are settled. */
export class TakenEvents {
  readonly #byId = new Map<string, TakenEvent>();
  /** Inputs that are not objects may be equal. They fail in the same way. */
  readonly #underWay = new Map<unknown, TakenEvent[]>();
  readonly #counts = new Array<number>(partitionCount).fill(0);
  #acknowledgements: Acknowledgement[] = [];
  #bytes = 0;

  get size(): number {
    return this.#byId.size;
  }

  /** Approximate size of all events. */
  get bytes(): number {
    return this.#bytes;
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** Number of events of a partition. */
  countOf(partition: number): number {
    return this.#counts[partition] ?? 0;
  }

  add(event: TakenEvent): void {
    this.#byId.set(event.id, event);
    this.#counts[event.partition] = this.countOf(event.partition) + 1;
    this.#bytes += event.bytes;
    const known = this.#underWay.get(event.input);
    if (known === undefined) this.#underWay.set(event.input, [event]);
    else known.push(event);
  }

  /** An input has its outcome. */
  settle(input: unknown, outcome: Outcome, now: number): void {
    const event = this.#underWay.get(input)?.[0];
    if (event !== undefined) this.acknowledge(event, settlementOf(outcome, now - event.arrivedMs));
  }

  /** Settles an event if it has no outcome yet. */
  acknowledge(event: TakenEvent, settlement: Settlement): void {
    const events = this.#underWay.get(event.input);
    const index = events?.indexOf(event) ?? -1;
    if (events === undefined || index === -1) return;
    events.splice(index, 1);
    if (events.length === 0) this.#underWay.delete(event.input);
    this.#acknowledgements.push({ event, settlement });
  }

  /** Takes the acknowledgements that Redis has yet to be told. */
  takeAcknowledgements(): Acknowledgement[] {
    return this.#acknowledgements.splice(0);
  }

  /** Redis may not know them. */
  keepAcknowledgements(acknowledgements: readonly Acknowledgement[]): void {
    this.#acknowledgements.unshift(...acknowledgements);
  }

  /** Redis knows them. */
  forget(acknowledgements: readonly Acknowledgement[]): void {
    for (const { event } of acknowledgements) {
      if (!this.#byId.delete(event.id)) continue;
      this.#counts[event.partition] = this.countOf(event.partition) - 1;
      this.#bytes -= event.bytes;
    }
  }
}
