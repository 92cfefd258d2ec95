import type { Sandbox } from '../../src/sandbox/index.js';

/** The path of a sample app. */
export const app = '/apps/11111111-2222-4333-8444-555555555555';

/** An answer and its parsed body. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Sends JSON requests to a sandbox in the same process, like the client does. */
export function apiOf(
  { fetch }: Sandbox,
  headers: Record<string, string> = {},
): (method: string, path: string, body?: unknown) => Promise<Answer> {
  return async (method, path, body) => {
    const response = await fetch(`https://api.onesignal.com${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}
