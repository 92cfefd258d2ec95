import { vi } from 'vitest';
import { type Attempt, createDestination, createOneSignalTransport, type DestinationOptions } from '../../src/index.js';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { appId } from './destinations.js';

/** An in-process sandbox, so that fake timers control both sides, and a destination that uses it. */
export function createInMemory(
  options: SandboxOptions = {},
  { delivery, mapping }: Pick<DestinationOptions, 'delivery' | 'mapping'> = {},
) {
  const sandbox = createSandbox(options);
  const attempts: Attempt[] = [];
  const destination = createDestination({
    appId,
    transport: createOneSignalTransport({ apiKey: 'test-key', fetch: sandbox.fetch }),
    delivery,
    mapping,
    hooks: { onAttempt: (attempt) => void attempts.push(attempt) },
  });
  /** `PATCH 202`, `GET 200`, … in order of arrival. */
  const log = () => sandbox.requests().map(({ method, status }) => `${method} ${status}`);
  return { sandbox, destination, attempts, log };
}

/** Lets time pass until the promise is settled. */
export async function settled<Value>(promise: Promise<Value>): Promise<Value> {
  let isSettled = false;
  const mark = () => {
    isSettled = true;
  };
  promise.then(mark, mark);
  await vi.advanceTimersByTimeAsync(0);
  while (!isSettled) await vi.advanceTimersToNextTimerAsync();
  return promise;
}
