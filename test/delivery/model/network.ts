import type { OneSignalRequest, OneSignalResponse, Transport } from '../../../src/index.js';
import type { Backend } from './backend.js';
import { piecesIn, writtenUserOf } from './pieces.js';

/** How the network, and OneSignal behind it, treat one request. */
export interface Behaviour {
  readonly kind:
    | 'ok'
    /** 503, not applied. */
    | 'unavailable'
    /** 429 with `Retry-After`, not applied. */
    | 'limited'
    /** The connection breaks before OneSignal gets the request. */
    | 'cut before'
    /** The connection breaks after OneSignal applied the request. */
    | 'cut after'
    /** A captive portal answers 200 with HTML. */
    | 'portal'
    /** No answer, ever. The request is not applied. */
    | 'silent';
  /** Milliseconds until OneSignal has the request. */
  readonly upMs: number;
  /** Milliseconds from then until its answer. */
  readonly downMs: number;
  /** Seconds in `Retry-After`. */
  readonly retryAfter: string;
}

/** A request on its way. Times are unix milliseconds. */
export interface Exchange {
  readonly request: OneSignalRequest;
  readonly user: string | undefined;
  readonly pieces: readonly string[];
  readonly sentAt: number;
  /** When OneSignal received it; absent if it never did. */
  arrivedAt?: number;
  /** Whether OneSignal applied it. */
  isApplied: boolean;
  /** The status that the client saw. */
  status?: number;
}

/** A network between a destination and a backend that fails as told, and then not any more. */
export interface Network {
  readonly transport: Transport;
  readonly exchanges: readonly Exchange[];
  /** What went wrong on the way: broken limits. */
  readonly complaints: readonly string[];
  /** Nothing fails from now on. */
  heal(): void;
}

const smooth: Behaviour = { kind: 'ok', upMs: 1, downMs: 1, retryAfter: '' };

export function createNetwork(
  backend: Backend,
  options: {
    behaviours: readonly Behaviour[];
    concurrency: number;
    /** Called when a request is sent. Returns what is wrong with that, if anything. */
    inspect: (exchange: Exchange) => string | undefined;
  },
): Network {
  const { behaviours, concurrency, inspect } = options;
  const exchanges: Exchange[] = [];
  const complaints: string[] = [];
  let isWell = false;
  let inFlight = 0;

  const perform = async (exchange: Exchange, behaviour: Behaviour, signal: AbortSignal): Promise<OneSignalResponse> => {
    const { kind, upMs, downMs, retryAfter } = behaviour;
    await wait(upMs, signal);
    if (kind === 'cut before') throw new TypeError('fetch failed');
    exchange.arrivedAt = Date.now();
    if (kind === 'silent') await wait(3_600_000, signal);
    if (kind === 'unavailable') return answer(downMs, signal, 503, '{"errors":["Service temporarily unavailable"]}');
    if (kind === 'portal') return answer(downMs, signal, 200, '<html>Please log in</html>');
    if (kind === 'limited') return answer(downMs, signal, 429, '{"errors":["API rate limit exceeded"]}', retryAfter);
    const response = await backend.send(exchange.request);
    exchange.isApplied = response.status < 300;
    if (kind === 'cut after') throw new TypeError('fetch failed');
    await wait(downMs, signal);
    return response;
  };

  return {
    exchanges,
    complaints,
    heal() {
      isWell = true;
    },
    transport: {
      async send(request, { signal }) {
        const exchange: Exchange = {
          request,
          user: writtenUserOf(request),
          pieces: piecesIn(request),
          sentAt: Date.now(),
          isApplied: false,
        };
        const behaviour = isWell ? smooth : (behaviours[exchanges.length] ?? smooth);
        exchanges.push(exchange);
        inFlight++;
        if (inFlight > concurrency) complaints.push(`${inFlight} requests were in flight`);
        const complaint = inspect(exchange);
        if (complaint !== undefined) complaints.push(complaint);
        let isOpen = true;
        const close = () => {
          if (isOpen) inFlight--;
          isOpen = false;
        };
        signal.addEventListener('abort', close, { once: true });
        try {
          const response = await perform(exchange, behaviour, signal);
          if (!signal.aborted) exchange.status = response.status;
          return response;
        } finally {
          close();
        }
      },
    },
  };
}

async function answer(
  downMs: number,
  signal: AbortSignal,
  status: number,
  body: string,
  retryAfter?: string,
): Promise<OneSignalResponse> {
  await wait(downMs, signal);
  return { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter }, body };
}

/** Rejects when the request is aborted, as `fetch` does. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** The largest number of these times that lie within one second, wherever it begins. */
export function mostPerSecond(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  let first = 0;
  let most = 0;
  sorted.forEach((time, index) => {
    while (time - (sorted[first] ?? time) >= 1_000) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
