import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvents } from '../../src/testing/index.js';
import { root } from '../code-blocks.js';

/** A project with nothing installed but the packed package and its one dependency. */
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'packed-cli-'));
  const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'segment-onesignal'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  execFileSync('tar', [
    '-xzf',
    join(project, tarball),
    '-C',
    join(modules, 'segment-onesignal'),
    '--strip-components=1',
  ]);
  symlinkSync(join(root, 'node_modules', 'ky'), join(modules, 'ky'));
  symlinkSync('../segment-onesignal/dist/cli/main.js', join(modules, '.bin', 'segment-onesignal'));
  rmSync(join(project, tarball));
}, 60_000);
afterAll(() => rmSync(project, { recursive: true }));

const bin = () => join(project, 'node_modules', '.bin', 'segment-onesignal');

function run(args: readonly string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) {
  const { stdout, stderr, status } = spawnSync(bin(), args, {
    cwd: project,
    env: { PATH: process.env.PATH, ...env },
    input,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

test('runs without any of the packages that it bundles', () => {
  const { stdout, status } = run(['--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('Usage: segment-onesignal [options] [command]');
});

test('a TypeScript config imports the library, and its mapping is used', () => {
  const config = `
    import { defineMapping } from 'segment-onesignal';
    import { defineConfig } from 'segment-onesignal/config';
    const prefix: string = 'shop_';
    export default defineConfig({ mapping: defineMapping({ prefix, tag: (key: string, value) => ({ key, value }) }) });`;
  writeFileSync(join(project, 'segment-onesignal.config.ts'), config);
  const event = createEvents().track('Plan Changed', { properties: { plan: 'team' } });
  const { stdout, stderr, status } = run(['plan'], { input: JSON.stringify(event) });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toContain('+ tag shop_plan = "team"');
  rmSync(join(project, 'segment-onesignal.config.ts'));
});

test('the config loads even if the package is not installed, as with npx', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  const config = `import { defineConfig } from 'segment-onesignal/config';\nimport 'segment-onesignal/event-stream';\nexport default defineConfig({ mapping: { prefix: 'a_' } });`;
  for (const extension of ['ts', 'mjs', 'js']) {
    writeFileSync(join(elsewhere, `segment-onesignal.config.${extension}`), config);
    const result = spawnSync(bin(), ['test'], { cwd: elsewhere, encoding: 'utf8' });
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain('+ tag a_plan = "pro"');
    rmSync(join(elsewhere, `segment-onesignal.config.${extension}`));
  }
  rmSync(elsewhere, { recursive: true });
});

test('colors appear only where they are supported', () => {
  expect(run(['test']).stdout).not.toContain('\u001B[');
  expect(run(['test'], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001B[1m');
  expect(run(['test'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\u001B[');
});

test('a reader that closes the pipe early is not an error', async () => {
  const events = createEvents();
  const lines = Array.from({ length: 20_000 }, () => `${JSON.stringify(events.track('Seen'))}\n`).join('');
  writeFileSync(join(project, 'many.ndjson'), lines);
  const child = spawn('bash', ['-c', `set -o pipefail; "${bin()}" plan many.ndjson --json | head -1`], {
    cwd: project,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ status, stderr, lines: stdout.trim().split('\n').length }).toEqual({ status: 0, stderr: '', lines: 1 });
});

test('function writes a Segment Function that contains the mapping, and lists its settings', async () => {
  writeFileSync(join(project, 'mapping.json'), '{"prefix":"shop_"}');
  const { stdout, status } = run(['function', '--mapping', 'mapping.json']);
  expect(status).toBe(0);
  expect(stdout).toContain('Wrote segment-function.js, with your mapping in it.');
  expect(stdout).toMatch(/ apiKey +String, required, sensitive /);
  const code = readFileSync(join(project, 'segment-function.js'), 'utf8');
  const sent: unknown[] = [];
  const fetch = async (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body));
    return new Response('{}', { status: 202 });
  };
  class Unsupported extends Error {}
  const globals = { fetch, crypto, URL, TextEncoder, TextDecoder, AbortController, setTimeout, clearTimeout };
  const context = createContext({ ...globals, EventNotSupported: Unsupported, console, Response });
  runInContext(code, context);
  const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
  const settings = { appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os_v2_app_key' };
  context.event = event;
  context.settings = settings;
  await runInContext('onIdentify(event, settings)', context);
  expect(sent).toEqual([{ properties: { tags: { shop_plan: 'pro' } } }]);
});

test('function refuses a mapping with hooks, and refuses to overwrite a file that it did not write', () => {
  writeFileSync(join(project, 'hooks.mjs'), `export default { tag: (key, value) => ({ key, value }) };`);
  const hooks = run(['function', '--mapping', 'hooks.mjs']);
  expect(hooks).toMatchObject({ status: 2, stderr: expect.stringContaining('"mapping.tag" is a function') });
  writeFileSync(join(project, 'own.js'), 'own();');
  const own = run(['function', '--out', 'own.js']);
  expect(own).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('own.js exists and is not a Segment Function'),
  });
});

test('the key appears in no output', () => {
  const env = { ONESIGNAL_API_KEY: 'os_v2_app_very_secret', ONESIGNAL_APP_ID: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10' };
  const { stdout, stderr, status } = run(['check', '--base-url', 'http://127.0.0.1:9', '--debug'], { env });
  expect(status).toBe(1);
  expect(stdout + stderr).not.toContain('very_secret');
});
