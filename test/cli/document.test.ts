import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { createProgram } from '../../src/cli/main.js';
import { sign } from '../../src/webhook/index.js';
import { documentBlocks, root } from '../code-blocks.js';
import { startSandbox } from '../sandbox-server.js';
import { createFolder } from './folder.js';
import { terminalIn } from './terminal.js';

const blocks = documentBlocks().filter(({ file }) => file === 'docs/cli.md');
/** The commands on the page, each with the output shown below it. */
const sessions = blocks.flatMap(({ language, code }, index) => {
  const next = blocks[index + 1];
  return language === 'sh' && next?.language === 'text' ? [{ command: code.trim(), output: next.code }] : [];
});
const shownUrl = 'http://127.0.0.1:3000';

/** Runs the built CLI instead of the package that npx would run. */
async function printedBy(command: string, cwd: string, url: string): Promise<string> {
  const script = command.replaceAll('npx segment-onesignal', `"${process.execPath}" "${root}dist/cli/main.js"`);
  const env = {
    PATH: process.env.PATH,
    ONESIGNAL_APP_ID: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
    ONESIGNAL_BASE_URL: url,
    SEGMENT_SHARED_SECRET: 'shh',
  };
  // A command that finds a difference exits with 1.
  const run = promisify(execFile)('bash', ['-c', script], { cwd, env }).catch((failed: { stdout: string }) => failed);
  return (await run).stdout.replaceAll(url, shownUrl);
}

test('every output on the page is what its command prints', { timeout: 120_000 }, async () => {
  const { url, sandbox } = await startSandbox();
  sandbox.addUser({ externalId: 'u1', tags: { plan: 'free' } });
  sandbox.addUser({ externalId: 'u2', tags: { first_name: 'Bob', plan: 'trial' } });
  const events = blocks.find(({ title }) => title === 'events.ndjson')?.code ?? '';
  const [first = ''] = events.split('\n');
  const cwd = createFolder({
    'events.ndjson': events,
    'golden/events/signup.json': first,
    'mapping.json': '{"prefix":"shop_"}',
    'headers.txt': `X-Signature: ${await sign(first, 'shh')}\n`,
    'body.json': `${first}\n`,
  });
  expect(sessions.length).toBeGreaterThan(7);
  for (const { command, output } of sessions) {
    const printed = await printedBy(command, cwd, url);
    expect({ command, output }).toEqual({ command, output: printed });
  }
});

test('every command has an example on the page', () => {
  const program = createProgram(terminalIn('/'), () => {});
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  const text = blocks.map(({ code }) => code).join('\n');
  const missing = names.filter((name) => name !== 'help' && !new RegExp(`segment-onesignal ${name}\\b`).test(text));
  expect(missing).toEqual([]);
});

test('every exit code is on the page', () => {
  const page = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
  for (const code of Object.values(exitCodes)) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
