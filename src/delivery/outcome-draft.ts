import type { DeliveryError, OperationType } from '../errors.js';
import type { Drop, DropReason } from '../onesignal/plan.js';
import { DropList } from './drop-list.js';
import { createOutcome, graver, type Outcome, type Result } from './outcome.js';

/** The outcome of one input, as far as it is known. It begins as `delivered`. */
export class OutcomeDraft {
  readonly #applied: OperationType[] = [];
  readonly #dropped: DropList;
  #warnings: DeliveryError[] | undefined;
  #result: Result = { status: 'delivered' };

  constructor(dropped: readonly Drop[]) {
    this.#dropped = new DropList(dropped);
  }

  get status(): Outcome['status'] {
    return this.#result.status;
  }

  /** Whether OneSignal accepted an operation of this type. */
  hasApplied(type: OperationType): boolean {
    return this.#applied.includes(type);
  }

  /** OneSignal accepted an operation of this type. */
  applied(type: OperationType): void {
    if (!this.#applied.includes(type)) this.#applied.push(type);
  }

  /** Reports a problem that does not keep the event from being delivered. */
  warn(error: DeliveryError): void {
    this.#warnings ??= [];
    this.#warnings.push(error);
  }

  /** Reports a field, by its dotted path, that is not carried over. */
  drop(path: string, reason: DropReason): void {
    this.#dropped.add(path, reason);
  }

  /** Adds a result. The gravest one becomes the outcome's. */
  addResult(result: Result): void {
    this.#result = graver(this.#result, result);
  }

  /** Copies everything: work that is shared with other calls may go on after an input has its outcome. */
  toOutcome(messageId: string | undefined): Outcome {
    const fields = {
      applied: [...this.#applied],
      dropped: this.#dropped.toArray(),
      warnings: [...(this.#warnings ?? [])],
    };
    return createOutcome(messageId, fields, this.#result);
  }
}
