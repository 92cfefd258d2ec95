/**
 * A request that is answered without delivering anything. Thrown inside this door only; the handler turns it into the answer.
 *
 * @internal
 */
export class Refusal extends Error {
  readonly status: 400 | 401 | 404 | 405 | 408 | 413 | 415;

  /** @param message - One line for whoever set up the sender; it is shown to the client, so it holds no value. */
  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}
