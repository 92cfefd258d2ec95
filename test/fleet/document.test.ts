import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { documentBlocks, root } from '../code-blocks.js';
import { hasRedis, startRedis } from '../redis-server.js';

const programs = documentBlocks().filter(
  ({ file, code }) => file.endsWith('fleet.md') && code.includes("process.once('SIGTERM'"),
);

test('the page about fleets has a receiver and a worker', () => {
  expect(programs).toHaveLength(2);
});

test.skipIf(!hasRedis).each(programs)('the program on line $line exits on SIGTERM', async ({ line, code }) => {
  const redis = await startRedis();
  const file = join(root, 'test', `fleet-program-${line}.tmp.mjs`);
  const started = "console.log('started');\n";
  const local = code.replace(/rediss:[^']+/, redis.url).replace('listen(8080)', 'listen(0)');
  writeFileSync(file, local.includes('await') ? local.replace('await', `${started}await`) : `${local}${started}`);
  const program = spawn(process.execPath, ['--import', 'tsx', file], { cwd: root });
  try {
    let output = '';
    program.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await vi.waitUntil(() => output.includes('started'), { timeout: 30_000 });
    const exit = once(program, 'exit');
    program.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  } finally {
    program.kill('SIGKILL');
    rmSync(file);
  }
});
