import ky from 'ky';
import { createOneSignalTransport } from 'segment-onesignal';
import { createUndiciTransport } from 'segment-onesignal/undici';
import { Pool } from 'undici';
import { type Cost, interleave, ratio } from './interleave.js';
import { isSmoke, progress, report } from './program.js';
import { apiKey, deliveryOn, eachInFlight, inFlight, requestOf, startServer } from './updates.js';

const { baseUrl, close } = await startServer();
const headers = { authorization: `Key ${apiKey}` };
const slow = isSmoke ? 100 : 1000;
const fast = slow * 10;

const bareKy = eachInFlight('bare ky', slow, requestOf, async ({ method, path, body }) => {
  const options = { method, headers, json: body, retry: 0, timeout: false, throwHttpErrors: false } as const;
  await (await ky(baseUrl + path, options)).json();
});
const pool = new Pool(baseUrl, { connections: inFlight, pipelining: 1 });
const barePool = eachInFlight('bare undici Pool', fast, requestOf, async ({ method, path, body }) => {
  const withType = { ...headers, 'content-type': 'application/json' };
  const response = await pool.request({ method, path, headers: withType, body: JSON.stringify(body) });
  await response.body.json();
});
const onKy = deliveryOn(createOneSignalTransport({ apiKey, baseUrl }));
const undici = createUndiciTransport({ apiKey, baseUrl });
const onUndici = deliveryOn(undici);

progress(`${inFlight} in flight, ${slow} requests per round with ky, ${fast} with undici`);
const [ky1, ky2, ky3, pool1, pool2, pool3] = await interleave(
  [
    bareKy,
    onKy.batch('deliver', slow),
    onKy.singles('single events', slow),
    barePool,
    onUndici.batch('deliver', fast),
    onUndici.singles('single events', fast),
  ],
  { rounds: isSmoke ? 2 : 15 },
);
await Promise.all([pool.close(), undici.close()]);
close();

const us = (cost: Cost | undefined) => cost?.us.toFixed(0);
const figureOf = (what: string, reference: Cost | undefined, subject: Cost | undefined) => ({
  what,
  value: ratio(reference, subject),
  unit: '×' as const,
  detail: `${us(subject)} : ${us(reference)} µs of CPU per request`,
});
report([
  { ...figureOf('deliver, default transport : bare ky', ky1, ky2), bar: { atLeast: 0.9 } },
  figureOf('single calls, default transport : bare ky', ky1, ky3),
  { ...figureOf('deliver, undici transport : bare Pool.request', pool1, pool2), bar: { atLeast: 0.75 } },
  figureOf('single calls, undici transport : bare Pool.request', pool1, pool3),
  { ...figureOf('deliver, undici transport : default transport', ky2, pool2), bar: { atLeast: 8 } },
]);
