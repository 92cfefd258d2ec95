// Measures a fleet with OneSignal's rate limit lifted:
//
//   npx tsx test/fleet/throughput.ts [--events 20000] [--only scale|hot|backlog|rate]
//
// On a busy machine, only the CPU figures mean something: wall-clock time is shared by workers, Redis and OneSignal.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { createFleetReceiver, readFleetMetrics } from '../../src/fleet/index.js';
import { launchRedis } from '../redis-process.js';
import { judge } from './judge.js';
import type { Recorded } from './processes/onesignal.js';
import { buildPrograms, type HarnessProcess } from './processes.js';

const { values } = parseArgs({ options: { events: { type: 'string', default: '20000' }, only: { type: 'string' } } });
const count = Number(values.events);
const programs = await buildPrograms();

/** CPU of a process so far, in milliseconds. */
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
  const pushing = process.cpuUsage();
  for (let index = 0; index < count; index += 500)
    await receiver.deliver(
      Array.from({ length: 500 }, (_, offset) => identify(index + offset, userOf(index + offset))),
    );
  const pushed = process.cpuUsage(pushing);
  const memory = Number(/used_memory:(\d+)/.exec(await connection.info('memory'))?.[1]);
  const start = () =>
    programs.start('worker', {
      REDIS_PORT: String(redis.port),
      ONESIGNAL_PORT: String(onesignal.port),
      LEASE_MS: '10000',
      RATE: String(rate),
    });
  const workers: HarnessProcess[] = await Promise.all(Array.from({ length: workerCount }, start));
  const before = workers.map(({ pid }) => cpuMs(pid));
  const redisBefore = await redisCpuMs(connection);
  const startedAt = performance.now();
  for (;;) {
    await sleep(100);
    const { depth } = await readFleetMetrics({ connection });
    if (depth === 0) break;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const record: Recorded = JSON.parse(await (await fetch(`http://127.0.0.1:${onesignal.port}/`)).text());
  const others = record.writes.filter(([, user]) => user !== 'hot').map(([at]) => at);
  const sorted = others.sort((one, other) => one - other);
  const othersMs = [0.5, 0.9, 1].map((part) => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0) - (sorted[0] ?? 0));
  const cpu = workers.reduce((sum, { pid }, index) => sum + cpuMs(pid) - (before[index] ?? 0), 0);
  console.log(
    JSON.stringify({
      what,
      workers: workerCount,
      events: count,
      writes: record.writes.length,
      seconds: Math.round(seconds * 10) / 10,
      eventsPerSecond: Math.round(count / seconds),
      mostPerSecond: judge([], record.writes).mostPerSecond,
      othersSeconds: othersMs.map((ms) => Math.round(ms / 100) / 10),
      workerCpuPerEventUs: Math.round((cpu * 1_000) / count),
      workerCpuPerWriteUs: Math.round((cpu * 1_000) / record.writes.length),
      redisCpuPerEventUs: Math.round((((await redisCpuMs(connection)) - redisBefore) * 1_000) / count),
      receiverCpuPerEventUs: Math.round((pushed.user + pushed.system) / count),
      redisBytesPerEvent: Math.round(memory / count),
    }),
  );
  for (const one of [...workers, onesignal]) await one.end('SIGKILL');
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
if (only === 'rate') await run('200 requests per second allowed', 3, own, 200);
await programs.close();
