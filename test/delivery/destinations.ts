import { createDestination } from '../../src/create-destination.js';
import type { DeliveryOptions, Hooks } from '../../src/delivery/options.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import { createOneSignalTransport } from '../../src/onesignal/client.js';
import type { Destination } from '../../src/pipeline.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { type SandboxServer, startSandbox, type Validation } from '../sandbox-server.js';

/** What a test turns. */
export interface Setup {
  mapping?: MappingOptions;
  delivery?: DeliveryOptions;
  hooks?: Hooks;
  sandbox?: SandboxOptions;
  /** Users that are there before. */
  users?: readonly string[];
}

/** A destination that reaches a sandbox over loopback HTTP by the default transport. Users may be written to at once: time is not the subject. */
export async function startDestination(
  { mapping = {}, delivery, hooks, sandbox, users = ['u1', 'u2', 'u3'] }: Setup,
  validation: Validation = {},
): Promise<SandboxServer & { destination: Destination }> {
  const server = await startSandbox(sandbox, validation);
  for (const externalId of users) server.sandbox.addUser({ externalId });
  const destination = createDestination({
    appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
    transport: createOneSignalTransport({ apiKey: 'test-key', baseUrl: server.url }),
    mapping,
    delivery: { userIntervalMs: 0, retries: 0, ...delivery },
    hooks,
  });
  return { ...server, destination };
}
