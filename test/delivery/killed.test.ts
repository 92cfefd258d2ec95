import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { createStream } from './stream.js';

const program = fileURLToPath(new URL('deliver-file.ts', import.meta.url));

test('a process that is killed midway and restarted with the same input reaches the same state', {
  timeout: 60_000,
}, async () => {
  const { sandbox, url } = await startSandbox({ seed: 3 }, { validate: false });
  const { events, expected } = createStream({
    seed: 17,
    events: 1_500,
    users: 100,
    newestAt: Date.now(),
    spanMs: 60_000,
  });
  for (let user = 0; user < 100; user++) sandbox.addUser({ externalId: `u${user}` });
  sandbox.fail({ delayMs: 30, rate: 0.5 });
  sandbox.fail({ drop: 'after', rate: 0.05 });
  sandbox.fail({ status: 503, rate: 0.05 });

  const folder = mkdtempSync(join(tmpdir(), 'segment-onesignal-'));
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, events.map((event) => JSON.stringify(event)).join('\n'));
  const start = () => spawn(process.execPath, ['--import', 'tsx', program, url, file], { stdio: 'inherit' });
  try {
    for (const requests of [1, 80, 60]) {
      const before = sandbox.requests().length;
      const child = start();
      const ended = once(child, 'exit');
      await expect
        .poll(() => sandbox.requests().length, { timeout: 20_000, interval: 2 })
        .toBeGreaterThanOrEqual(before + requests);
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
    }
    expect(await once(start(), 'exit')).toEqual([0, null]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const state = new Map(sandbox.users().map(({ externalId, tags }) => [externalId, tags]));
  expect(state).toEqual(new Map(Array.from(state.keys(), (user) => [user, expected.get(user) ?? {}])));
  for (const { name, members } of sandbox.segments())
    expect(new Set(members)).toEqual(
      new Set([...expected].flatMap(([user, tags]) => (tags[name] === 'true' ? user : []))),
    );
  expect(sandbox.segments()).toHaveLength(3);
});
