import type { OneSignalRequest } from '../onesignal/transport.js';

/** A request that the sandbox received, as data. It has no headers and therefore no key. */
export interface SandboxRequest extends OneSignalRequest {
  /** When the request arrived, in Unix milliseconds. */
  at: number;
  /** The status that was answered. Absent while the request is in progress, and if it was dropped or aborted. */
  status?: number;
}

/** A demo may run for weeks, so older requests are dropped. */
const MAX_REQUESTS = 100_000;
/** Dropped in bulk, because removing the first element of an array takes time proportional to its length. */
const DROP_AT_ONCE = 10_000;

/** A request in the log. Its body is kept as text, which can be stored and copied however deeply it is nested. */
export interface LoggedRequest {
  readonly method: SandboxRequest['method'];
  readonly path: string;
  readonly text: string;
  readonly at: number;
  status?: number;
}

export function logRequest(log: LoggedRequest[], request: LoggedRequest): void {
  log.push(request);
  if (log.length >= MAX_REQUESTS + DROP_AT_ONCE) log.splice(0, DROP_AT_ONCE);
}

/** Returns a copy whose body is parsed if it is JSON. */
export function toSandboxRequest({ method, path, text, at, status }: LoggedRequest): SandboxRequest {
  return {
    method,
    path,
    ...(text === '' ? {} : { body: parseOrText(text) }),
    at,
    ...(status === undefined ? {} : { status }),
  };
}

function parseOrText(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return text;
  }
}
