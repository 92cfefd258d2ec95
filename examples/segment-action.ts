/**
 * An action of a Segment Actions destination. It maps events with this library and sends them with Segment's own
 * `request`.
 *
 * The types below imitate those of `@segment/actions-core`. In a real action, import `ActionDefinition` from it, and
 * throw its `PayloadValidationError` and `RetryableError`.
 */
import { createDestination, type Transport } from 'segment-onesignal';

/** Segment's `request`. It parses JSON, and throws for error statuses unless `throwHttpErrors` is `false`. */
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

/** Segment retries a 5xx for four hours, and discards the event on a 400. */
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
  description: 'Turns traits, properties and audiences into tags and segments.',
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
    // No retries here, because Segment's own queue redelivers.
    const delivery = { retries: 0, deadlineMs: 8_000 };
    const [outcome] = await createDestination({ appId: settings.appId, transport, delivery }).deliver([rawData]);
    if (outcome.status === 'retryable') throw new ActionError(outcome.error.message, outcome.error.code, 500);
    if (outcome.status === 'failed') throw new ActionError(outcome.error.message, outcome.error.code, 400);
  },
};
