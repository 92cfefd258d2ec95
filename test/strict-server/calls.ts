import type { StrictOneSignal } from './strict-onesignal.js';

/** The path of a sample app. */
export const app = '/apps/11111111-2222-4333-8444-555555555555';

/** Sends requests to the server of a test, like a transport does. */
export function callsTo({ send }: StrictOneSignal) {
  const { signal } = new AbortController();
  return async (method: string, end: string, body?: unknown) => {
    const { status, body: content } = await send({ method, path: `${app}${end}`, body }, { signal });
    return { status, body: content };
  };
}
