import type { OneSignalRequest, OneSignalResponse, Transport } from '../../../src/index.js';
import type { Fault } from '../../strict-server/faults.js';
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

/** A request on its way. Times are Unix milliseconds. */
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

/** OneSignal applied it, but the client does not know. */
export function isUnseen({ isApplied, status }: Exchange): boolean {
  return isApplied && !(status !== undefined && status < 300);
}

/** A network between a destination and a backend that fails as told. */
export interface Network {
  readonly transport: Transport;
  readonly exchanges: readonly Exchange[];
  /** What went wrong along the way: requests that nobody wanted, too many at a time. */
  readonly complaints: readonly string[];
}

const smooth: Behaviour = { kind: 'ok', upMs: 1, downMs: 1, retryAfter: '' };

/** What OneSignal does in place of applying the request. */
const faults: Partial<Record<Behaviour['kind'], Fault>> = {
  unavailable: 'unavailable',
  silent: 'unavailable',
  limited: 'rateLimited',
  portal: 'html200',
};

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
  let inFlight = 0;

  const perform = async (exchange: Exchange, behaviour: Behaviour, signal: AbortSignal): Promise<OneSignalResponse> => {
    const { kind, upMs, downMs, retryAfter } = behaviour;
    await wait(upMs, signal);
    if (kind === 'cut before') throw new TypeError('fetch failed');
    exchange.arrivedAt = Date.now();
    const fault = faults[kind];
    const latencyMs = kind === 'silent' ? 3_600_000 : kind === 'cut after' ? 0 : downMs;
    const response = await backend.send(exchange.request, {
      signal,
      latencyMs,
      ...(fault === undefined ? {} : { fault }),
      onApplied() {
        exchange.isApplied = true;
      },
    });
    if (kind === 'cut after') throw new TypeError('fetch failed');
    return kind === 'limited' ? { ...response, headers: { 'retry-after': retryAfter } } : response;
  };

  return {
    exchanges,
    complaints,
    transport: {
      async send(request, { signal }) {
        const exchange: Exchange = {
          request,
          user: writtenUserOf(request),
          pieces: piecesIn(request),
          sentAt: Date.now(),
          isApplied: false,
        };
        const behaviour = behaviours[exchanges.length] ?? smooth;
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
