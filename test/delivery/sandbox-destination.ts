import { createDestination } from '../../src/create-destination.js';
import { createOneSignalTransport } from '../../src/onesignal/client.js';
import type { Destination } from '../../src/pipeline.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { type SandboxServer, startSandbox, type Validation } from '../sandbox-server.js';
import { appId, type Settings } from './destinations.js';

/** The options of a test, for the destination and its sandbox. */
export interface Setup extends Settings {
  sandbox?: SandboxOptions;
  /** Users that exist from the start. */
  users?: readonly string[];
}

/**
 * A destination that reaches a sandbox over loopback HTTP with the default transport. Writes to a user need no pause,
 * because time is not the subject.
 */
export async function startDestination(
  { mapping = {}, delivery, hooks, sandbox, users = ['u1', 'u2', 'u3'] }: Setup,
  validation: Validation = {},
): Promise<SandboxServer & { destination: Destination }> {
  const server = await startSandbox(sandbox, validation);
  for (const externalId of users) server.sandbox.addUser({ externalId });
  const destination = createDestination({
    appId,
    transport: createOneSignalTransport({ apiKey: 'test-key', baseUrl: server.url }),
    mapping,
    delivery: { userIntervalMs: 0, retries: 0, ...delivery },
    hooks,
  });
  return { ...server, destination };
}
