import {
  createDestination,
  createOneSignalTransport,
  type DeliveryOptions,
  type Destination,
  type Hooks,
  type MappingOptions,
  type OneSignalRequest,
  type OneSignalResponse,
  type Transport,
} from '../../src/index.js';

export const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';
export const apiKey = 'os_v2_app_harness_key';

export interface Settings {
  mapping?: MappingOptions;
  delivery?: DeliveryOptions;
  hooks?: Hooks;
}

/** Over HTTP, by the default transport. A user may be written to without a pause unless a test says otherwise. */
export function destinationAt(url: string, { mapping, delivery, hooks }: Settings = {}): Destination {
  return destinationOn(createOneSignalTransport({ apiKey, baseUrl: url }), { mapping, delivery, hooks });
}

/** By a transport of the test's. */
export function destinationOn(
  transport: Transport,
  { mapping, delivery, hooks }: { [Key in keyof Settings]?: Settings[Key] | undefined } = {},
): Destination {
  return createDestination({ appId, transport, mapping, hooks, delivery: { userIntervalMs: 0, ...delivery } });
}

/** What a transport of one's own sees, and how it answers. */
export interface Scripted extends Transport {
  readonly requests: OneSignalRequest[];
  readonly signals: AbortSignal[];
}

/** A user's own transport, which answers as a test wants. */
export function scripted(
  answer: (request: OneSignalRequest, signal: AbortSignal, index: number) => unknown = () => ({ status: 202 }),
): Scripted {
  const requests: OneSignalRequest[] = [];
  const signals: AbortSignal[] = [];
  return {
    requests,
    signals,
    async send(request, { signal }) {
      signals.push(signal);
      const given: unknown = await answer(request, signal, requests.push(request) - 1);
      // A contract that the test may break on purpose.
      return given as OneSignalResponse;
    },
  };
}

/** Never answers, but rejects when it is aborted, as `fetch` does. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** When the events of the tests happen, unless they say otherwise: `at(3)` is three seconds after ten o'clock. */
export function at(second: number): string {
  return `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`;
}

export function identify(userId: string, traits: Record<string, unknown>, more: Record<string, unknown> = {}): object {
  return { type: 'identify', messageId: `m-${userId}`, userId, traits, ...more };
}

export function track(userId: string, properties: Record<string, unknown>, more: Record<string, unknown> = {}): object {
  return { type: 'track', event: 'Product Viewed', messageId: `m-${userId}`, userId, properties, ...more };
}

/** Somebody enters or leaves the audience `vips`, as Engage says it by `track`. */
export function audience(userId: string, isMember: boolean, more: Record<string, unknown> = {}): object {
  return {
    type: 'track',
    event: isMember ? 'Audience Entered' : 'Audience Exited',
    messageId: `m-${userId}`,
    userId,
    properties: { audience_key: 'vips', audience_name: 'VIPs', vips: isMember },
    context: { personas: { computation_class: 'audience', computation_key: 'vips' } },
    ...more,
  };
}
