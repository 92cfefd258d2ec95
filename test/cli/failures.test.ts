import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listen } from '../listen.js';
import { startSandbox } from '../sandbox-server.js';
import { createFolder } from './folder.js';
import { cli, piped } from './run-cli.js';
import { startCli } from './send/start-cli.js';
import { withoutRoot } from './without-root.js';

const appId = '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10';
const event = '{"type":"identify","userId":"u1","traits":{"plan":"pro"}}\n';

test.each([
  ['export a.json --csv a.json', /^Error: Cannot use \S+a\.json: it exists and is not a folder\.\n$/],
  ['export a.json --csv out --temp-dir none', /^Error: Cannot use \S+: no such file or folder\.\n$/],
  ['test none --watch', /^Error: Cannot use \S+none: no such file or folder\.\n$/],
])('a file that cannot be used is not reported as a bug: %s', async (args, message) => {
  const { exitCode, stderr } = await cli(args.split(' '), { cwd: createFolder({ 'a.json': event }) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(message) });
});

test.skipIf(process.platform === 'win32')(
  'a file without permission is named and is not reported as a bug',
  async () => {
    const cwd = createFolder({ 'golden/events/a.json': event, 'm.json': '{}', 'c.mjs': 'export default {};' });
    for (const name of ['', 'golden', 'golden/events']) chmodSync(join(cwd, name), 0o755);
    for (const name of ['m.json', 'c.mjs']) chmodSync(join(cwd, name), 0o000);
    const run = async (args: string) => {
      const { exitCode, stderr } = await withoutRoot(() => cli(args.split(' '), { cwd }));
      return [exitCode, stderr.replaceAll(cwd, '.')];
    };
    expect(await run('plan golden --mapping m.json')).toEqual([2, 'Error: Cannot read ./m.json: permission denied.\n']);
    expect(await run('plan golden --config c.mjs')).toEqual([2, 'Error: Cannot read ./c.mjs: permission denied.\n']);
    expect(await run('plan golden --mapping golden')).toEqual([2, 'Error: Cannot read ./golden: it is a folder.\n']);
    chmodSync(join(cwd, 'golden'), 0o555);
    const written = await run('test golden --update');
    chmodSync(join(cwd, 'golden'), 0o755);
    expect(written).toEqual([1, 'Error: Cannot use ./golden/plans: permission denied.\n']);
  },
);

test('diff says that nothing answers at the URL', async () => {
  const server = await startSandbox();
  await server.close();
  const args = ['diff', 'a.json', '--user', 'u1', '--app-id', appId, '--base-url', server.url];
  const { exitCode, stderr } = await cli(args, { cwd: createFolder({ 'a.json': event }) });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/OneSignal did not answer: connect ECONNREFUSED [\d.:]+\. Check the network/);
});

test.each(['check', 'trigger identify --to', 'diff a.json --user u1'])(
  'Ctrl-C while %s waits exits with 130',
  async (args) => {
    let arrived = (): void => {};
    const hasArrived = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url, close } = await listen(createServer(() => arrived()));
    const access = ['--app-id', appId, '--base-url', url];
    const target = args.endsWith('--to') ? [url] : access;
    const run = startCli([...args.split(' '), ...target], { cwd: createFolder({ 'a.json': event }) });
    await hasArrived;
    run.interrupt();
    expect({ exitCode: await run.exitCode, stderr: run.stderr() }).toEqual({ exitCode: 130, stderr: '' });
    await close();
  },
);

test.each(['plan', 'send', 'export --csv out', 'diff --user u1'])(
  '%s does not wait for someone to type events',
  async (args) => {
    const stdin = Object.assign(piped(''), { isTTY: true });
    const { exitCode, stderr } = await cli(args.split(' '), { cwd: createFolder(), stdin });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('No events are given.') });
  },
);

test.each([
  ['send --user u1 a.json', '--user'],
  ['export --csv out --event Ordered a.json', '--event'],
  ['diff --user u1 a.json', '--user'],
])('%s does not mistake the file for a flag value', async (args, flag) => {
  const cwd = createFolder({ 'a.json': event });
  const { exitCode, stderr } = await cli(args.split(' '), { cwd });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: `Error: No events are given: "a.json" was read as a value of ${flag}. Put files first, or - for stdin.\n`,
  });
});

test('a flag value may equal the name of a file if stdin is named', async () => {
  const cwd = createFolder({ u1: '' });
  const { stdout } = await cli(['send', '-', '--dry-run', '--user', 'u1'], { cwd, stdin: piped(event) });
  expect(stdout).toContain('1 to deliver');
});

test('export gives no advice about files that it did not write', async () => {
  const cwd = createFolder({ 'a.json': '{"type":"page","userId":"u1"}' });
  const { stdout } = await cli(['export', 'a.json', '--csv', 'out'], { cwd });
  expect(stdout).toBe('0 users in 0 files\nSkipped: 1 unsupported_type\n');
});

test('plan prints no control characters from an event', async () => {
  const tracked = {
    type: 'track',
    event: 'Plan \u001b[2JChanged',
    userId: 'u\u001b[2J1',
    properties: { 'a\u0007': 'b\u001b' },
  };
  const { stdout } = await cli(['plan'], { cwd: '/', stdin: piped(JSON.stringify(tracked)) });
  expect(stdout).toContain('Changed');
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test
  .skipIf(process.platform === 'win32')
  .each(['plan events', 'export events --csv out', `send events --app-id ${appId} --base-url http://127.0.0.1:1`])(
  '%s prints no control characters from the name of a file',
  async (args) => {
    const cwd = createFolder({ 'events/a\u001b[2J\n.json': 'not JSON\n' });
    const { stdout, stderr } = await cli(args.split(' '), { cwd });
    expect(stdout + stderr).toContain('Not JSON');
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stdout + stderr).toContain('events/a [2J .json');
  },
);

test('an error prints no control characters from a file', async () => {
  const cwd = createFolder({ 'headers.txt': '{"a":\u001b[2J}', 'body.json': event });
  const { stderr } = await cli(['verify', 'headers.txt', 'body.json'], { cwd, env: { SEGMENT_SHARED_SECRET: 'shh' } });
  expect(stderr).toContain('headers.txt is not JSON');
  expect(stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('an unknown event type is refused', async () => {
  const { exitCode, stderr } = await cli(['send', '--dry-run', '--type', 'identity'], { cwd: '/' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are identify, track, page, screen, group, alias, delete.');
});
