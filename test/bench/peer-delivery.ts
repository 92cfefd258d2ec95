import { createOneSignalTransport } from 'segment-onesignal';
import { createUndiciTransport } from 'segment-onesignal/undici';
import { type Cost, interleave, ratio } from './interleave.js';
import { isOneSignalClient, loadPeer } from './peers.js';
import { isSmoke, progress, report } from './program.js';
import { apiKey, appId, deliveryOn, eachInFlight, inFlight, startServer } from './updates.js';

const { createConfiguration, DefaultApi, ServerConfiguration } = loadPeer(
  '@onesignal/node-onesignal',
  isOneSignalClient,
);
const { baseUrl, close } = await startServer();
const baseServer = new ServerConfiguration(baseUrl, {});
const client = new DefaultApi(createConfiguration({ restApiKey: apiKey, baseServer }));
const undici = createUndiciTransport({ apiKey, baseUrl });
const count = isSmoke ? 100 : 1000;

progress(`${inFlight} in flight, ${count} requests per round, ten times as many with undici`);
const [theirs, onKy, onUndici] = await interleave(
  [
    eachInFlight(
      'node-onesignal',
      count,
      (update) => update,
      ({ userId, tags }) => client.updateUser(appId, 'external_id', userId, { properties: { tags } }),
    ),
    deliveryOn(createOneSignalTransport({ apiKey, baseUrl })).singles('default transport', count),
    deliveryOn(undici).singles('undici transport', count * 10),
  ],
  { rounds: isSmoke ? 2 : 11 },
);
await undici.close();
close();

const figureOf = (name: string, ours: Cost | undefined) => ({
  what: `updates per CPU second, ${name} : node-onesignal`,
  value: ratio(theirs, ours),
  unit: '×' as const,
  detail: `${ours?.us.toFixed(0)} : ${theirs?.us.toFixed(0)} µs of CPU per update`,
});
report([figureOf('default transport', onKy), figureOf('undici transport', onUndici)]);
