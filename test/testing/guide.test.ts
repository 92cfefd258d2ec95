import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentBlocks, root } from '../code-blocks.js';

const blocks = documentBlocks().filter(({ file }) => file === join('docs', 'testing.md'));
const files = blocks.flatMap(({ title, code }) => (title === undefined ? [] : [{ title, code }]));

/** The project that a reader has after following docs/testing.md, with this source in place of the package. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'testing-guide-'));
  for (const { title, code } of files) {
    mkdirSync(dirname(join(project, title)), { recursive: true });
    writeFileSync(join(project, title), code);
  }
  // Not the folder as a whole, into which Vitest would write.
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'vitest'), join(project, 'node_modules', 'vitest'));
  const alias = [
    ['^segment-onesignal$', join(root, 'src/index.ts')],
    ['^segment-onesignal/sqs$', join(root, 'src/queue/sqs.ts')],
    ['^segment-onesignal/(.+)$', join(root, 'src/$1/index.ts')],
  ].map(([find, replacement]) => `{ find: new RegExp(${JSON.stringify(find)}), replacement: '${replacement}' }`);
  writeFileSync(
    join(project, 'vitest.config.mjs'),
    `export default { resolve: { alias: [${alias}] }, server: { fs: { strict: false } } };`,
  );
});
afterAll(() => rmSync(project, { recursive: true }));

function vitest(env: Record<string, string> = {}) {
  const { UPDATE_GOLDEN: _, ...own } = process.env;
  const command =
    blocks
      .find(({ code }) => code === 'npx vitest run\n')
      ?.code.trim()
      .split(' ') ?? [];
  expect(command).toEqual(['npx', 'vitest', 'run']);
  const entry = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = { cwd: project, env: { ...own, ...env, NO_COLOR: '1' }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, 'run'], options);
  return { status, output: stdout + stderr };
}

test('the project of the guide passes its tests in Vitest', { timeout: 300_000 }, () => {
  expect(files.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'src/mapping.ts',
      'test/mapping.test.ts',
      'test/events/signup.json',
      'test/plans/signup.json',
    ]),
  );
  const { status, output } = vitest();
  expect(output).toContain('Tests  9 passed (9)');
  expect(status).toBe(0);
});

test('without the plan file it fails as the guide says, and an update writes the file that the guide shows', {
  timeout: 300_000,
}, () => {
  const plan = join(project, 'test', 'plans', 'signup.json');
  rmSync(plan);
  const failing = vitest();
  expect(failing.status).toBe(1);
  expect(failing.output).toContain('test/plans/signup.json is missing. Run the tests with UPDATE_GOLDEN=1 to write it');
  expect(existsSync(plan)).toBe(false);
  expect(vitest({ UPDATE_GOLDEN: '1' }).status).toBe(0);
  expect(readFileSync(plan, 'utf8')).toBe(files.find(({ title }) => title === 'test/plans/signup.json')?.code);
});

test('the workflow runs the command of the guide', () => {
  const workflow = files.find(({ title }) => title === '.github/workflows/mapping.yml')?.code;
  expect([...(workflow ?? '').matchAll(/- run: (.+)/g)].map(([, command]) => command)).toEqual([
    'npm ci',
    'npx vitest run',
  ]);
});
