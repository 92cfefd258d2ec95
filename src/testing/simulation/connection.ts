import type { Clock } from '../../clock.js';
import type { StartExchange } from '../../delivery/sending/exchange.js';
import { readFetchResponse } from '../../onesignal/response-body.js';
import type { OneSignalRequest, OneSignalResponse } from '../../onesignal/transport.js';
import type { Sandbox } from '../../sandbox/sandbox.js';

/** A sandbox and the way to it. */
export interface Connection {
  readonly sandbox: Sandbox;
  readonly startExchange: StartExchange;
  /** Whether a request is on its way that does not wait for the clock: time must not pass until it has its answer. */
  isBusy(): boolean;
}

/** @internal */
export function connect(clock: Clock, createSandbox: (clock: Clock) => Sandbox): Connection {
  let underWay = 0;
  let waiting = 0;
  const sandbox = createSandbox({
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
      const response = await sandbox.fetch(`https://api.onesignal.com${path}`, {
        method,
        signal,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      return await readFetchResponse(response);
    } finally {
      underWay--;
    }
  };
  return {
    sandbox,
    startExchange(request) {
      const controller = new AbortController();
      return { answer: send(request, controller.signal), abort: () => controller.abort() };
    },
    isBusy: () => underWay > waiting,
  };
}
