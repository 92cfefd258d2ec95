import { createDestination, createOneSignalTransport, mapEvent } from 'segment-onesignal';
import { createSandbox } from 'segment-onesignal/sandbox';

const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } } as const;

async function main(): Promise<void> {
  const sandbox = createSandbox({ unknownUsers: 'known' });
  const transport = createOneSignalTransport({ apiKey: 'key', fetch: sandbox.fetch });
  const destination = createDestination({ appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', transport });
  const [outcome] = await destination.deliver([event]);
  console.log(mapEvent(event).status, outcome?.status, JSON.stringify(sandbox.user('u1')?.tags));
}

void main();
