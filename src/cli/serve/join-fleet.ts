import type { Deliverer } from 'segment-onesignal';
import { createFleetReceiver, formatFleetMetrics, readFleetMetrics } from 'segment-onesignal/fleet';
import { connectRedis } from '../serving/connect-redis.js';
import type { Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** The receiving end of a fleet. */
export interface JoinedFleet {
  /** Stores events in Redis in place of sending them. */
  readonly receiver: Deliverer;
  /** What the queue holds, for Prometheus. */
  metrics(): Promise<string>;
  leave(): void;
}

export async function joinFleet(
  settings: Settings,
  { redis, queue }: { readonly redis?: string | true | undefined; readonly queue?: string | undefined },
  terminal: Terminal,
): Promise<JoinedFleet> {
  const connection = await connectRedis(redis, settings, true, terminal);
  return {
    receiver: createFleetReceiver({ connection, queue, user: settings.mapping?.user }),
    metrics: async () => formatFleetMetrics(await readFleetMetrics({ connection, queue })),
    leave: () => connection.disconnect(),
  };
}
