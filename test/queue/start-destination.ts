import type { DeliveryOptions } from '../../src/delivery/options.js';
import { createDestination, createOneSignalTransport, type Deliverer, DeliveryError } from '../../src/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { startSandbox } from '../sandbox-server.js';

export const appId = '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a';

/** A destination that delivers to its own sandbox over HTTP, without the pauses that would slow down tests. */
export async function startDestination(
  delivery: DeliveryOptions = {},
): Promise<{ sandbox: Sandbox; destination: Deliverer }> {
  const { sandbox, url } = await startSandbox({ unknownUsers: 'known' });
  const transport = createOneSignalTransport({ apiKey: 'os_v2_app_key', baseUrl: url });
  const destination = createDestination({ appId, transport, delivery: { userIntervalMs: 0, retries: 0, ...delivery } });
  return { sandbox, destination };
}

export const identify = (userId: string, traits: Record<string, unknown>, timestamp?: string) => ({
  type: 'identify',
  userId,
  traits,
  ...(timestamp === undefined ? {} : { timestamp }),
});

/** A destination whose inputs are the waits, in milliseconds, that OneSignal asks for. */
export const asking: Deliverer = {
  deliver: async (inputs) =>
    inputs.map((input) => ({
      status: 'retryable',
      error: new DeliveryError('rate_limited', 'update_user was answered with 429'),
      retryAfterMs: Number(input),
      applied: [],
      dropped: [],
      warnings: [],
    })),
};

/** A destination that forgets its last input. */
export const forgetful: Deliverer = {
  deliver: async (inputs) =>
    inputs.slice(1).map(() => ({ status: 'delivered', applied: [], dropped: [], warnings: [] })),
};
