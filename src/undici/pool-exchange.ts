import { type Dispatcher, util } from 'undici';
import type { OneSignalResponse } from '../onesignal/transport.js';
import { type ReceivedAnswer, readAnswer } from './read-answer.js';

type Controller = Dispatcher.DispatchController;

/**
 * One request over a Pool. `Pool.request` would make a stream for each answer and an `AbortSignal` for each request;
 * but OneSignal's answers are short, and hardly any request is aborted.
 *
 * undici 7 and later call `onRequestStart`, `onResponseStart` …, undici 6 calls `onConnect`, `onHeaders` ….
 *
 * @see {@link https://undici.nodejs.org/#/docs/api/Dispatcher | undici: Dispatcher.dispatch}
 * @internal
 */
export class PoolExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<OneSignalResponse>;
  #resolve: (response: OneSignalResponse | Promise<OneSignalResponse>) => void = () => {};
  #reject: (thrown: unknown) => void = () => {};
  #abort: ((reason: Error) => void) | undefined;
  #abortedFor: Error | undefined;
  #status = 0;
  #headers: ReceivedAnswer['headers'] = {};
  readonly #chunks: Uint8Array[] = [];
  readonly #mayLeave: (() => boolean) | undefined;

  constructor(pool: Dispatcher, options: Dispatcher.DispatchOptions, mayLeave?: () => boolean) {
    this.#mayLeave = mayLeave;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    pool.dispatch(options, this);
  }

  /** Gives up on the answer and closes its connection. */
  abort(reason: Error = AbortSignal.abort().reason): void {
    this.#abortedFor = reason;
    // A request that waits for a connection is aborted when it gets one, and must not keep its caller waiting.
    this.#abort?.(this.#abortedFor);
    this.#reject(this.#abortedFor);
  }

  onRequestStart(controller: Controller): void {
    this.#started((reason) => controller.abort(reason));
  }

  onResponseStart(_controller: Controller, status: number, headers: ReceivedAnswer['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Controller, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#ended(undefined);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#ended(error);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#started(abort);
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#status = status;
    this.#headers = util.parseHeaders(headers);
    return true;
  }

  onData(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#ended(undefined);
  }

  onError(error: Error): void {
    this.#ended(error);
  }

  #started(abort: (reason: Error) => void): void {
    this.#abort = abort;
    if (this.#mayLeave?.() === false) this.#abortedFor ??= AbortSignal.abort().reason;
    if (this.#abortedFor !== undefined) abort(this.#abortedFor);
  }

  #ended(error: Error | undefined): void {
    const isTooLong = Reflect.get(Object(error), 'code') === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
    if (error !== undefined && !isTooLong) this.#reject(error);
    else
      this.#resolve(
        readAnswer({ status: this.#status, headers: this.#headers, chunks: isTooLong ? 'too long' : this.#chunks }),
      );
  }
}
