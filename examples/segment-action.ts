/**
 * An action of a Segment Actions destination that embeds the mapping and lets Segment's own `request` do the sending.
 *
 * Only the shapes of `@segment/actions-core` are used here; with it, import `ActionDefinition`, and throw its `PayloadValidationError` and
 * `RetryableError`.
 */
import { createDestination, type Transport } from 'segment-onesignal';

/** Segment's `request`: it parses what comes, and throws on refusals unless told not to. */
export type RequestClient = (
  url: string,
  options: {
    method: string;
    json?: unknown;
    headers: Record<string, string>;
    throwHttpErrors: false;
    signal: AbortSignal;
  },
) => Promise<{ status: number; headers: Headers; data?: unknown }>;

export interface Settings {
  appId: string;
  apiKey: string;
}

/** What Segment makes of it: 400 is final, 5xx is tried again for four hours. */
export class ActionError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: 400 | 500,
  ) {
    super(message);
  }
}

export const syncToOneSignal = {
  title: 'Sync to OneSignal',
  description: 'Traits, properties and audiences become tags and segments.',
  defaultSubscription: 'type = "identify" or type = "track"',
  fields: {},

  async perform(
    request: RequestClient,
    { rawData, settings }: { rawData: unknown; settings: Settings },
  ): Promise<void> {
    const transport: Transport = {
      async send({ method, path, body }, { signal }) {
        const { status, headers, data } = await request(`https://api.onesignal.com${path}`, {
          method,
          json: body,
          headers: { authorization: `Key ${settings.apiKey}` },
          throwHttpErrors: false,
          signal,
        });
        return { status, headers, body: data };
      },
    };
    // No retries and no waiting here: Segment's own queue is for that.
    const delivery = { retries: 0, deadlineMs: 8_000 };
    const [outcome] = await createDestination({ appId: settings.appId, transport, delivery }).deliver([rawData]);
    if (outcome.status === 'retryable') throw new ActionError(outcome.error.message, outcome.error.code, 500);
    if (outcome.status === 'failed') throw new ActionError(outcome.error.message, outcome.error.code, 400);
  },
};
