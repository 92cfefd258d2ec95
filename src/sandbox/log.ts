import type { SandboxRequest } from './options.js';

/** A demo may run for weeks; older requests are forgotten. */
const MAX_REQUESTS = 100_000;
/** Forgotten in one go, because taking the first off an array costs as much as its length. */
const FORGET_AT_ONCE = 10_000;

/** One request as it is kept: the body as text, so that neither keeping nor copying depends on how deep it is. */
export interface LoggedRequest {
  readonly method: SandboxRequest['method'];
  readonly path: string;
  readonly text: string;
  readonly at: number;
  status?: number;
}

export function logRequest(log: LoggedRequest[], request: LoggedRequest): void {
  log.push(request);
  if (log.length >= MAX_REQUESTS + FORGET_AT_ONCE) log.splice(0, FORGET_AT_ONCE);
}

/** A copy for readers; the body is JSON where it was JSON. */
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
