// The harness's worker.
import { Redis } from 'ioredis';
import type { Transport } from 'segment-onesignal';
import { createFleetWorker } from 'segment-onesignal/fleet';
import { createUndiciTransport } from 'segment-onesignal/undici';

const { REDIS_PORT, ONESIGNAL_PORT, LEASE_MS = '3000', GAP_MS = '0', UNCHANGED, RATE, MAX_IN_FLIGHT } = process.env;
const connection = new Redis(Number(REDIS_PORT), { retryStrategy: () => 50 });
connection.on('error', () => {});
const undici = createUndiciTransport({
  apiKey: `worker-${process.pid}`,
  baseUrl: `http://127.0.0.1:${ONESIGNAL_PORT}`,
});
/** Holds requests back after the lease was checked: a freeze during this gap sends them late. */
const slow: Transport = {
  async send(request, options) {
    await new Promise((resolve) => setTimeout(resolve, Number(GAP_MS)));
    return undici.send(request, options);
  },
};

const worker = createFleetWorker({
  connection,
  destination: {
    appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
    transport: Number(GAP_MS) > 0 ? slow : undici,
    delivery: {
      ...(RATE === undefined ? {} : { requestsPerSecond: Number(RATE) }),
      ...(UNCHANGED === undefined ? {} : { unchanged: 'skip' }),
    },
  },
  leaseMs: Number(LEASE_MS),
  maxInFlight: Number(MAX_IN_FLIGHT ?? 8_000),
  onNotice: ({ code, message }) => console.log(`notice ${code} ${message}`),
});
process.once('SIGTERM', () => void worker.close());
process.on('SIGUSR2', () => console.log(`cpu ${JSON.stringify(process.cpuUsage())}`));
console.log('ready');
await worker.run();
connection.disconnect();
await undici.close();
