/**
 * Replays an archive with the built command line: unbroken, killed three times, and with --compact. All runs must end in
 * the same state. `npm run test:replay -- 1000000`
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliProcess, startCliProcess } from './cli-process.js';
import { makeArchive } from './make-archive.js';

const events = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;
const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

/** What a sandbox contains at the end. */
interface State {
  readonly requests: number;
  readonly users: unknown;
  readonly segments: unknown;
}

async function startSandbox(): Promise<{ url: string; state(): Promise<State>; stop(): Promise<void> }> {
  const sandbox = startCliProcess(['sandbox', '--port', '0'], folder);
  let url: string | undefined;
  while (url === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    url = /sandbox: (\S+)/.exec(sandbox.output())?.[1];
  }
  return {
    url,
    async state() {
      const { requests, users, segments } = Object(await (await fetch(`${url}/status`)).json());
      return { requests, users: sorted(users, 'externalId'), segments: sorted(segments, 'name') };
    },
    async stop() {
      sandbox.child.kill('SIGINT');
      await sandbox.ended;
    },
  };
}

/** Sorted by name, because the order of creation is not part of the state. */
function sorted(items: readonly Record<string, unknown>[], name: string): unknown {
  const entries = items.map((item) => [item[name], { ...item, members: Object(item.members).toSorted?.() }]);
  return Object.fromEntries(entries);
}

function send(url: string, ...flags: readonly string[]): CliProcess {
  const app = ['--base-url', url, '--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10'];
  return startCliProcess(['send', 'segment-logs', ...app, ...flags], folder);
}

async function replay(
  name: string,
  run: (url: string) => Promise<CliProcess>,
): Promise<State & { durationMs: number }> {
  const sandbox = await startSandbox();
  const startedAt = Date.now();
  const last = await run(sandbox.url);
  assert.equal(await last.ended, 0, last.output());
  const durationMs = Date.now() - startedAt;
  const state = await sandbox.state();
  await sandbox.stop();
  console.log(`${name}: ${state.requests} requests, ${seconds(durationMs)}, peak ${megabytes(last.peakBytes())}`);
  return { ...state, durationMs };
}

try {
  const users = makeArchive(folder, events);
  console.log(`${events} events, ${users} users`);
  // The sandbox is on this machine, and the cost of OneSignal's limits is simple arithmetic.
  writeFileSync(
    join(folder, 'segment-onesignal.config.mjs'),
    'export default { delivery: { requestsPerSecond: 1_000_000, userIntervalMs: 0 } };',
  );
  const unbroken = await replay('unbroken', async (url) => send(url));
  const killed = await replay('killed three times', async (url) => {
    for (let kill = 0; kill < 3; kill++) {
      const run = send(url, '--checkpoint', 'checkpoint.json');
      await new Promise((resolve) => setTimeout(resolve, unbroken.durationMs / 5));
      run.child.kill('SIGKILL');
      assert.equal(await run.ended, null, run.output());
    }
    return send(url, '--checkpoint', 'checkpoint.json');
  });
  const compact = await replay('compact', async (url) => send(url, '--compact', '--temp-dir', '.'));
  const killedCompact = await replay('compact, killed three times', async (url) => {
    for (let kill = 0; kill < 3; kill++) {
      const run = send(url, '--compact', '--checkpoint', 'compact.json');
      await new Promise((resolve) => setTimeout(resolve, compact.durationMs / 3));
      run.child.kill('SIGKILL');
      assert.equal(await run.ended, null, run.output());
    }
    return send(url, '--compact', '--checkpoint', 'compact.json');
  });
  for (const { users: ended, segments } of [killed, compact, killedCompact]) {
    assert.deepEqual(segments, unbroken.segments);
    assert.deepEqual(ended, unbroken.users);
  }
  const floor = users + Object.keys(Object(unbroken.segments)).length;
  console.log(`same end; --compact: ${compact.requests} requests, floor ${floor}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
