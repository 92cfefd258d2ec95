/**
 * A request that is answered without delivering anything. Thrown within a handler only, which turns it into the
 * answer.
 *
 * @internal
 */
export class Refusal extends Error {
  readonly status: 400 | 401 | 404 | 405 | 408 | 413 | 415 | 503;

  /** @param message - One line for the person who set up the sender. The client sees it, so it holds no value. */
  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/** A request whose sender is not authorized. @internal */
export function denied(message: string): Refusal {
  return new Refusal(401, message);
}
