import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../code-blocks.js';
import { createFolder } from './folder.js';

const access = '--app-id 3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10 --base-url http://127.0.0.1:1';
const files = { 'bad.json': '{"type":"identify","userId":"u1","traits":"none"}\n' };

/** Runs a bash command in which `cli` is the built command line. */
function bash(line: string, cwd: string): Promise<{ status: number | null; stderr: string }> {
  const define = `set -o pipefail; cli() { "${process.execPath}" "${join(root, 'dist/cli/main.js')}" "$@"; }`;
  const child = spawn('bash', ['-c', `${define}; ${line}`], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stderr })));
}

test.each(['samples', 'plan bad.json --json', 'function --out -', '--help'])(
  'a full disk is a one-line error: %s',
  async (args) => {
    const { status, stderr } = await bash(`cli ${args} > /dev/full`, createFolder(files));
    expect(stderr).toContain('Error: The output cannot be written: the disk is full.\n');
    expect(stderr).not.toContain(' at ');
    expect(status).toBe(1);
  },
);

test.each(['| true', '2>&1 | true'])(
  'events that fail cause exit code 1, even if the output is closed early: %s',
  async (pipe) => {
    const cwd = createFolder(files);
    const { status } = await bash(`cli send bad.json ${access} --failed failed.ndjson ${pipe}`, cwd);
    expect(status).toBe(1);
    expect(readFileSync(join(cwd, 'failed.ndjson'), 'utf8')).toContain('invalid_event');
  },
);

test('serve answers the requests it has received before it exits because its log was closed', async () => {
  const cwd = createFolder();
  const serve = 'cli serve --sandbox --allow-unsigned --port 0 2> log';
  const url = "until grep -q Health log; do sleep 0.1; done; url=$(grep -o 'http://[0-9.:]*' log | head -1)";
  const post = 'curl -sf -o answer -X POST -H "content-type: application/json" -d';
  const event = `'{"type":"identify","userId":"u1","traits":{"a":1}}'`;
  const { status } = await bash(
    `${serve} | head -1 & ${url}; ${post} ${event} $url; ${post} ${event} $url; wait $!`,
    cwd,
  );
  expect(status).toBe(0);
  expect(existsSync(join(cwd, 'answer'))).toBe(true);
});
