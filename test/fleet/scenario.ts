import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { readFleetMetrics } from '../../src/fleet/index.js';
import type { RedisServer } from '../redis-process.js';
import { seededRandom } from '../seeded-random.js';
import { type Findings, judge } from './judge.js';
import type { Recorded } from './processes/onesignal.js';
import type { HarnessProcess, Programs } from './processes.js';
import { createStory, type StoryEvent } from './story.js';

export const modes = ['kills', 'freezes', 'gaps', 'redis', 'mixed'] as const;
export type Mode = (typeof modes)[number];

/** One run of the harness. */
export interface Scenario {
  seed: number;
  mode: Mode;
  events: number;
  users: number;
  workers: number;
  eventsPerSecond: number;
}

/** What happened in a run. */
export interface Run extends Findings {
  faults: Record<string, number>;
  notices: Record<string, number>;
  seconds: number;
}

const leaseMs = 3_000;
/** For finding the cause of a failure. */
const stage = (text: string) => process.env.VERBOSE && console.error(new Date().toISOString(), text);

/** Runs events through a fleet while its processes are killed and frozen, and judges what OneSignal received. */
export async function runScenario(scenario: Scenario, programs: Programs, redis: RedisServer): Promise<Run> {
  const { seed, mode } = scenario;
  const startedAt = Date.now();
  const random = seededRandom(seed);
  const story = createStory(scenario, random);
  const faults: Record<string, number> = {};
  const count = (fault: string) => {
    faults[fault] = (faults[fault] ?? 0) + 1;
  };

  const onesignal = await programs.start('onesignal', { ANSWER_MS: '5', FAIL_RATE: '0.01' });
  const receivers = await Promise.all([0, 1].map(() => programs.start('receiver', { REDIS_PORT: String(redis.port) })));
  const startWorker = () =>
    programs.start('worker', {
      REDIS_PORT: String(redis.port),
      ONESIGNAL_PORT: String(onesignal.port),
      LEASE_MS: String(leaseMs),
      GAP_MS: mode === 'gaps' ? '20' : '0',
      UNCHANGED: seed % 2 === 0 ? 'yes' : undefined,
    });
  const workers = await Promise.all(Array.from({ length: scenario.workers }, startWorker));
  const all: HarnessProcess[] = [...workers];

  let isSending = true;
  const sending = send(story, scenario, receivers, random).then(() => {
    isSending = false;
  });

  const pick = (length: number) => Math.floor(random() * length);
  const killWorker = async () => {
    const index = pick(workers.length);
    count('worker killed');
    await workers[index]?.end('SIGKILL');
    stage(`${workers[index]?.pid} killed`);
    const next = await startWorker();
    workers[index] = next;
    all.push(next);
  };
  const killReceiver = async () => {
    const index = pick(receivers.length);
    count('receiver killed');
    await receivers[index]?.end('SIGKILL');
    await sleep(random() * 500);
    receivers[index] = await programs.start('receiver', { REDIS_PORT: String(redis.port) });
  };
  const freezeWorker = async () => {
    const worker = workers[pick(workers.length)];
    count('worker frozen');
    stage(`${worker?.pid} freezes`);
    worker?.signal('SIGSTOP');
    await sleep(leaseMs * (0.3 + random() * 1.7));
    worker?.signal('SIGCONT');
    stage(`${worker?.pid} thaws`);
  };
  const killRedis = async () => {
    count('redis killed');
    await redis.kill();
    await sleep(random() * 1_000);
    await redis.start();
    stage('redis restarted');
  };
  const freezeRedis = async () => {
    count('redis frozen');
    stage('redis freezes');
    redis.freeze();
    await sleep(leaseMs * (0.1 + random() * 1.4));
    redis.resume();
    stage('redis thaws');
  };
  const faultsOf: Record<Mode, readonly (() => Promise<void>)[]> = {
    kills: [killWorker, killWorker, killReceiver],
    freezes: [freezeWorker],
    gaps: [freezeWorker],
    redis: [killRedis, freezeRedis],
    mixed: [killWorker, killReceiver, freezeWorker, freezeWorker, killRedis, freezeRedis],
  };
  while (isSending) {
    await sleep(200 + random() * 800);
    const possible = faultsOf[mode];
    await possible[pick(possible.length)]?.();
  }
  await sending;
  stage('drain');
  await drained(redis);
  const record: Recorded = JSON.parse(await (await fetch(`http://127.0.0.1:${onesignal.port}/`)).text());
  const notices: Record<string, number> = {};
  for (const worker of all)
    for (const [, code = ''] of worker.output().matchAll(/^notice (\w+)/gm)) notices[code] = (notices[code] ?? 0) + 1;
  for (const one of [...workers, ...receivers, onesignal]) await one.end('SIGKILL');
  return { ...judge(story, record.writes), faults, notices, seconds: (Date.now() - startedAt) / 1_000 };
}

/** Sends each batch until the answer is 200, as Segment does. */
async function send(
  story: readonly StoryEvent[],
  { eventsPerSecond }: Scenario,
  receivers: readonly HarnessProcess[],
  random: () => number,
): Promise<void> {
  const open: Promise<void>[] = [];
  let sent = 0;
  const startedAt = performance.now();
  while (sent < story.length) {
    const batch = story.slice(sent, sent + 1 + Math.floor(random() * 19));
    sent += batch.length;
    open.push(post(JSON.stringify(batch.map(({ event }) => event)), receivers));
    await sleep(Math.max(0, (sent / eventsPerSecond) * 1_000 - (performance.now() - startedAt)));
  }
  await Promise.all(open);
}

async function post(body: string, receivers: readonly HarnessProcess[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const port = receivers[attempt % receivers.length]?.port;
    const headers = { 'content-type': 'application/json' };
    const status = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(5_000),
    })
      .then(async (response) => {
        await response.text();
        return response.status;
      })
      .catch(() => 0);
    if (status === 200) return;
    await sleep(300);
  }
}

/** Waits until no events are left, and none come back. */
async function drained(redis: RedisServer): Promise<void> {
  const connection = new Redis(redis.port);
  connection.on('error', () => {});
  let calm = 0;
  const until = Date.now() + 120_000;
  while (calm < 10) {
    await sleep(200);
    const { depth } = await readFleetMetrics({ connection });
    calm = depth === 0 ? calm + 1 : 0;
    if (Date.now() > until) throw new Error(`${depth} events are left after two minutes`);
  }
  connection.disconnect();
}
