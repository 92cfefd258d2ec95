import { createHmac } from 'node:crypto';
import { createDestination, createOneSignalTransport, type DestinationOptions, type Outcome } from '../../src/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { createWebhookHandler, type WebhookHandlerOptions } from '../../src/webhook/index.js';

export const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
export const secret = 'shh';

export type Handler = (request: Request) => Promise<Response>;

/** A receiver with a real destination that delivers to a sandbox in the same process. Every user exists. */
export function createReceiver(
  options: WebhookHandlerOptions,
  rest: Partial<Pick<DestinationOptions, 'mapping' | 'delivery'>> = {},
): { handler: Handler; sandbox: Sandbox } {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
  return { handler: createWebhookHandler(createDestination({ appId, transport, ...rest }), options), sandbox };
}

/** A handler whose destination always returns the given outcomes. */
export function createAnswering(
  outcomes: readonly Outcome[],
  options: WebhookHandlerOptions = { allowUnsigned: true },
): Handler {
  return createWebhookHandler({ deliver: async () => outcomes }, options);
}

/** A handler whose destination records every event and reports it as delivered. */
export function createKeeping(options: WebhookHandlerOptions = { allowUnsigned: true }): {
  handler: Handler;
  events: unknown[];
} {
  const events: unknown[] = [];
  const handler = createWebhookHandler(
    {
      async deliver(inputs) {
        events.push(...inputs);
        return inputs.map(() => ({ status: 'delivered', applied: [], dropped: [], warnings: [] }));
      },
    },
    options,
  );
  return { handler, events };
}

/** Signs as Segment's `extendRequest` does: only the first event of a batch. */
export function segmentSignature(data: unknown, sharedSecret: string): string {
  const signed = Array.isArray(data) ? data[0] : data;
  return createHmac('sha1', sharedSecret).update(JSON.stringify(signed), 'utf8').digest('hex');
}

/** The HMAC-SHA1 of a string. */
export function signatureOf(text: string, sharedSecret: string): string {
  return createHmac('sha1', sharedSecret).update(text, 'utf8').digest('hex');
}

export function post(
  body: string | Uint8Array<ArrayBuffer> | null,
  headers: Record<string, string> = {},
  path = '/segment',
): Request {
  return new Request(`http://receiver.test${path}`, { method: 'POST', headers, body });
}

/** A request like those of Segment's webhook destination. */
export function fromSegment(data: unknown, sharedSecret = secret, headers: Record<string, string> = {}): Request {
  return post(JSON.stringify(data), { ...headers, 'x-signature': segmentSignature(data, sharedSecret) });
}

export function basic(user: string, password = ''): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export async function statusAndBody(response: Response): Promise<{ status: number; body: unknown }> {
  return { status: response.status, body: await response.json() };
}
