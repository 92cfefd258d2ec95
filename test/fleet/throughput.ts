// Measures a fleet with OneSignal's rate limit lifted:
//
//   npx tsx test/fleet/throughput.ts [--events 20000] [--only scale|hot|backlog|rate] [--rate 200] [--worker-cores 0.25]
//
// --worker-cores limits each worker to a fraction of a core, so that one worker does not fill this machine. On a busy
// machine, only the CPU figures mean something: wall-clock time is shared by workers, Redis and OneSignal.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { createFleetReceiver, readFleetMetrics } from '../../src/fleet/index.js';
import { launchRedis } from '../redis-process.js';
import { createCpuQuota } from './cpu-quota.js';
import { judge } from './judge.js';
import type { Recorded } from './processes/onesignal.js';
import { buildPrograms, type HarnessProcess } from './processes.js';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    only: { type: 'string' },
    'worker-cores': { type: 'string' },
    rate: { type: 'string', default: '200' },
  },
});
const count = Number(values.events);
const warmUpCountPerWorker = 20_000;
const workerCores = values['worker-cores'];
const programs = await buildPrograms();

/** The CPU time that a process has used, in milliseconds. */
function cpuMs(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return (Number(user) + Number(system)) * 10;
}

const identify = (index: number, userId: string) => ({
  type: 'identify',
  userId,
  messageId: `m${index}`,
  timestamp: new Date(1_700_000_000_000 + index).toISOString(),
  context: { library: { name: 'analytics.js', version: '2.1.0' }, locale: 'en-US', ip: '203.0.113.7' },
  traits: { plan: `v${index}`, email: 'ada@example.com', logins: index },
});

async function run(
  what: string,
  workerCount: number,
  userOf: (index: number) => string,
  rate: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const redis = await launchRedis(['--appendfsync', 'always']);
  const connection = new Redis(redis.port);
  const onesignal = await programs.start('onesignal', { ANSWER_MS: '5' });
  const receiver = createFleetReceiver({ connection, timeoutMs: 30_000 });
  const push = async (from: number, to: number, nameOf: (index: number) => string): Promise<void> => {
    for (let index = from; index < to; index += 500)
      await receiver.deliver(
        Array.from({ length: 500 }, (_, offset) => identify(index + offset, nameOf(index + offset))),
      );
  };
  const drain = async (): Promise<void> => {
    while ((await readFleetMetrics({ connection })).depth > 0) await sleep(100);
  };
  const readWrites = async (): Promise<Recorded['writes']> => {
    const { writes }: Recorded = JSON.parse(await (await fetch(`http://127.0.0.1:${onesignal.port}/`)).text());
    return writes;
  };
  const start = () =>
    programs.start('worker', {
      REDIS_PORT: String(redis.port),
      ONESIGNAL_PORT: String(onesignal.port),
      LEASE_MS: '10000',
      RATE: String(rate),
    });
  const workers: HarnessProcess[] = await Promise.all(Array.from({ length: workerCount }, start));
  const quota = workerCores === undefined ? undefined : createCpuQuota(Number(workerCores));
  for (const { pid } of workers) quota?.limit(pid);
  // New processes spend seconds of CPU on compiling.
  await push(count, count + warmUpCountPerWorker * workerCount, (index) => `early-${index}`);
  await drain();
  const warmUpWrites = (await readWrites()).length;
  // The pause is shorter than the lease.
  for (const { pid } of workers) process.kill(pid, 'SIGSTOP');
  const pushing = process.cpuUsage();
  await push(0, count, userOf);
  const pushed = process.cpuUsage(pushing);
  const memory = Number(/used_memory:(\d+)/.exec(await connection.info('memory'))?.[1]);
  const before = workers.map(({ pid }) => cpuMs(pid));
  const redisBefore = await redisCpuMs(connection);
  const startedAt = performance.now();
  for (const { pid } of workers) process.kill(pid, 'SIGCONT');
  await drain();
  const seconds = (performance.now() - startedAt) / 1_000;
  const writes = (await readWrites()).slice(warmUpWrites);
  const others = writes.filter(([, user]) => user !== 'hot').map(([at]) => at);
  const sorted = others.sort((one, other) => one - other);
  const othersMs = [0.5, 0.9, 1].map((part) => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0) - (sorted[0] ?? 0));
  const cpu = workers.reduce((sum, { pid }, index) => sum + cpuMs(pid) - (before[index] ?? 0), 0);
  console.log(
    JSON.stringify({
      what,
      workers: workerCount,
      ...(workerCores && { workerCores }),
      events: count,
      writes: writes.length,
      seconds: Math.round(seconds * 10) / 10,
      eventsPerSecond: Math.round(count / seconds),
      mostPerSecond: judge([], writes).mostPerSecond,
      othersSeconds: othersMs.map((ms) => Math.round(ms / 100) / 10),
      workerCpuPerEventUs: Math.round((cpu * 1_000) / count),
      workerCpuPerWriteUs: Math.round((cpu * 1_000) / writes.length),
      redisCpuPerEventUs: Math.round((((await redisCpuMs(connection)) - redisBefore) * 1_000) / count),
      receiverCpuPerEventUs: Math.round((pushed.user + pushed.system) / count),
      redisBytesPerEvent: Math.round(memory / count),
    }),
  );
  for (const one of [...workers, onesignal]) await one.end('SIGKILL');
  quota?.close();
  connection.disconnect();
  await redis.close();
}

async function redisCpuMs(connection: Redis): Promise<number> {
  const info = await connection.info('cpu');
  const figure = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return (figure('used_cpu_sys') + figure('used_cpu_user')) * 1_000;
}

const own = (index: number) => `user-${index}`;
const { only } = values;
if (only === undefined || only === 'scale')
  for (const workers of [1, 2, 3]) await run('a user for each event', workers, own);
if (only === undefined || only === 'hot') {
  await run('no hot user, half of the events', 2, (index) => `user-${index % (count / 2)}`);
  await run('one hot user with half of the events', 2, (index) => (index % 2 === 0 ? 'hot' : own(index)));
}
if (only === undefined || only === 'backlog')
  await run('a backlog of ten events per user', 2, (index) => own(index % (count / 10)));
if (only === 'rate') await run(`${values.rate} requests per second allowed`, 3, own, Number(values.rate));
await programs.close();
