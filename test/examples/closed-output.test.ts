import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from '../code-blocks.js';

test.each(['examples/dry-run.ts < examples/demo/shop.ndjson', 'examples/demo/main.ts'])(
  'a reader that closes the output early ends the example without an error: %s',
  (command) => {
    const line = `set -o pipefail; "${process.execPath}" --import tsx ${command} | head -n 1`;
    const { status, stderr } = spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);
