import type { Clock } from '../../clock.js';
import { documentedBody } from './documented-body.js';
import { renderLiquid } from './liquid.js';
import type { NewSandboxEventStream, SandboxEventStream, SandboxStreamRequest } from './options.js';
import type { StreamData } from './stream-data.js';

/** An Event Stream that events can be sent to. */
export interface Stream {
  readonly view: SandboxEventStream;
  /** Resolves once the receiver has taken the event, or the stream has given it up. */
  send(data: StreamData): Promise<void>;
}

/** The retries are documented in words only: "any recoverable reason (for example, status code 429)". */
const isRecoverable = (status: number | undefined): boolean =>
  status === undefined || status === 408 || status === 429 || status >= 500;

export function createStream(options: NewSandboxEventStream, clock: Clock): Stream {
  const { kinds, retryDelaysMs = [1_000, 2_000, 4_000], disableAfter = 10 } = options;
  const log: SandboxStreamRequest[] = [];
  let failedInARow = 0;

  const attempt = async (data: StreamData): Promise<number | undefined> => {
    const request = requestOf(options, data);
    const { id: eventId, kind } = data.event;
    const logged: SandboxStreamRequest = { eventId, kind, body: request.body, status: undefined, at: clock.now() };
    log.push(logged);
    logged.status = await statusOf(request, options, clock);
    return logged.status;
  };
  const send = async (data: StreamData): Promise<void> => {
    if (failedInARow >= disableAfter || kinds?.includes(data.event.kind) === false) return;
    let status = await attempt(data);
    for (const delayMs of retryDelaysMs) {
      if (!isRecoverable(status)) break;
      await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
      status = await attempt(data);
    }
    failedInARow = status !== undefined && status >= 200 && status < 300 ? 0 : failedInARow + 1;
  };
  const view: SandboxEventStream = {
    requests: () => log.map((request) => ({ ...request })),
    isDisabled: () => failedInARow >= disableAfter,
    enable() {
      failedInARow = 0;
    },
  };
  return { view, send };
}

interface StreamRequest {
  url: string;
  method: string;
  headers: [string, string][];
  body: string;
}

function requestOf(
  { url, method = 'POST', headers = {}, body = documentedBody }: NewSandboxEventStream,
  data: StreamData,
): StreamRequest {
  return {
    url: renderLiquid(url, data),
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, renderLiquid(value, data)]),
    body: renderLiquid(body, data),
  };
}

/** `undefined` if there is no answer in time. */
async function statusOf(
  { url, ...init }: StreamRequest,
  { fetch = globalThis.fetch, timeoutMs = 10_000 }: NewSandboxEventStream,
  clock: Clock,
): Promise<number | undefined> {
  const expiry = new AbortController();
  const expired = new Promise<undefined>((resolve) =>
    expiry.signal.addEventListener('abort', () => resolve(undefined)),
  );
  const stop = clock.after(timeoutMs, () => expiry.abort());
  try {
    const request = new Request(url, { ...init, signal: expiry.signal, redirect: 'manual' });
    const response = await Promise.race([fetch(request), expired]);
    response?.body?.cancel().catch(() => {});
    return response?.status;
  } catch {
    return undefined;
  } finally {
    stop();
  }
}
