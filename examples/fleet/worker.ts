// Delivers the events that receiver.ts has stored. Run as many workers as you like, and stop them with SIGTERM.
//
//   REDIS_URL=redis://127.0.0.1:6379 ONESIGNAL_APP_ID=… ONESIGNAL_API_KEY=… npx tsx examples/fleet/worker.ts
import { Redis } from 'ioredis';
import { createFleetWorker } from 'segment-onesignal/fleet';
import { createUndiciTransport } from 'segment-onesignal/undici';

const { REDIS_URL = 'redis://127.0.0.1:6379', ONESIGNAL_URL, ONESIGNAL_APP_ID, ONESIGNAL_API_KEY } = process.env;
const connection = new Redis(REDIS_URL);
connection.on('error', (error) => console.error('redis:', error.message));
const transport = createUndiciTransport({ apiKey: ONESIGNAL_API_KEY, baseUrl: ONESIGNAL_URL });
const worker = createFleetWorker({
  connection,
  destination: { appId: ONESIGNAL_APP_ID, transport },
  onNotice: ({ code, message }) => console.error(`${code}: ${message}`),
});
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => worker.close());
console.log('ready');
await worker.run();
await transport.close();
connection.disconnect();
