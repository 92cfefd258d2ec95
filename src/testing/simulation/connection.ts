import type { Clock } from '../../clock.js';
import type { StartExchange } from '../../delivery/sending/exchange.js';
import { asFetchDoes } from '../../onesignal/response-body.js';
import type { OneSignalRequest, OneSignalResponse } from '../../onesignal/transport.js';
import { utf8Bytes } from '../../onesignal/utf8.js';
import type { OpenSandbox, Sandbox } from '../../sandbox/sandbox.js';

/** A sandbox and the connection to it. */
export interface Connection {
  readonly sandbox: Sandbox;
  readonly startExchange: StartExchange;
  /** Whether a request is in flight that does not wait for the clock: time must not pass until it is answered. */
  isBusy(): boolean;
}

/** @internal */
export function connect(
  clock: Clock,
  createSandbox: (clock: Clock) => OpenSandbox,
  { hasFaults }: { hasFaults: boolean },
): Connection {
  const never = new AbortController();
  const envelopes = {
    GET: envelopeOf('GET'),
    POST: envelopeOf('POST'),
    PATCH: envelopeOf('PATCH'),
    DELETE: envelopeOf('DELETE'),
  };
  let underWay = 0;
  let waiting = 0;
  const { sandbox, answer } = createSandbox({
    ...clock,
    after(ms, callback) {
      let isWaiting = true;
      const end = (): void => {
        if (isWaiting) waiting--;
        isWaiting = false;
      };
      waiting++;
      const cancel = clock.after(ms, () => {
        end();
        callback();
      });
      return () => {
        end();
        cancel();
      };
    },
  });
  const send = async ({ method, path, body }: OneSignalRequest, signal: AbortSignal): Promise<OneSignalResponse> => {
    underWay++;
    try {
      const text = body === undefined ? '' : JSON.stringify(body);
      const [pathname = '', query] = path.split('?');
      const search = query === undefined ? '' : `?${query}`;
      const read = { method, path: pathname, search, body: { text, bytes: utf8Bytes(text) }, at: clock.now() };
      const response = await answer(read, envelopes[method], signal);
      return asFetchDoes(response.status, response.headers, await response.text());
    } finally {
      underWay--;
    }
  };
  return {
    sandbox,
    startExchange(request) {
      // Only a fault can delay an answer so that there is something to abort, and controllers are slow to make.
      const controller = hasFaults ? new AbortController() : never;
      return { answer: send(request, controller.signal), abort: () => (hasFaults ? controller.abort() : undefined) };
    },
    isBusy: () => underWay > waiting,
  };
}

/** The headers of all requests of a method. Making a request for each would take most of the time of a simulation. */
function envelopeOf(method: string): Request {
  return new Request('https://api.onesignal.com/', { method, headers: { 'content-type': 'application/json' } });
}
