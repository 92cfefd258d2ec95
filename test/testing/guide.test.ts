import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentBlocks, root } from '../code-blocks.js';

const guide = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
const blocks = documentBlocks().filter(({ file }) => file === join('docs', 'testing.md'));
const files = blocks.flatMap(({ title, code }) => (title === undefined ? [] : [{ title, code }]));

/** The project that a reader has after following docs/testing.md, with this source instead of the package. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'testing-guide-'));
  for (const { title, code } of files) {
    mkdirSync(dirname(join(project, title)), { recursive: true });
    writeFileSync(join(project, title), code);
  }
  // Not the whole folder, because Vitest would write into it.
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

test('without the plan file, it fails as the guide says, and an update writes the file that the guide shows', {
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

test('a trait that becomes a tag fails the first test with the message that the guide shows', {
  timeout: 300_000,
}, () => {
  const [, trait] = /Add `(iban: [^`]+)` to the traits of the first test/.exec(guide) ?? [];
  const file = join(project, 'test', 'mapping.test.ts');
  const code = readFileSync(file, 'utf8');
  writeFileSync(file, code.replace('loyaltyPoints: 120 }', `loyaltyPoints: 120, ${trait} }`));
  try {
    const { output } = vitest();
    expect(output).toContain(blocks.find(({ language }) => language === 'text')?.code.trim());
    expect(output).toContain('Tests  1 failed | 8 passed (9)');
  } finally {
    writeFileSync(file, code);
  }
});

test('the project of the guide in plain JavaScript passes its tests in node:test', { timeout: 300_000 }, () => {
  const plain = mkdtempSync(join(tmpdir(), 'testing-guide-plain-'));
  const scripts = [...guide.matchAll(/, in `([\w./-]+\.js)`.*:\n\n```js\n([\s\S]*?)^```/gm)];
  expect(scripts.map(([, title]) => title)).toEqual(['src/mapping.js', 'test/mapping.test.js', 'test/golden.test.js']);
  const written = [
    { title: 'package.json', code: '{ "type": "module" }' },
    ...scripts.map(([, title = '', code = '']) => ({ title, code })),
    ...files.filter(({ title }) => title.endsWith('.json')),
  ];
  try {
    for (const { title, code } of written) {
      mkdirSync(dirname(join(plain, title)), { recursive: true });
      writeFileSync(join(plain, title), code);
    }
    // Inside a test, node:test would report to the process above.
    const { UPDATE_GOLDEN: _, NODE_TEST_CONTEXT: __, ...own } = process.env;
    // tsx finds this source instead of the package, through the paths in the repository's tsconfig.json.
    const env = { ...own, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') };
    const { stdout } = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--test', '--test-reporter=tap'],
      { cwd: plain, env, encoding: 'utf8' },
    );
    expect(stdout).toMatch(/^# pass 6$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  } finally {
    rmSync(plain, { recursive: true });
  }
});

test('the workflow runs the command of the guide', () => {
  const workflow = files.find(({ title }) => title === '.github/workflows/mapping.yml')?.code;
  expect([...(workflow ?? '').matchAll(/- run: (.+)/g)].map(([, command]) => command)).toEqual([
    'npm ci',
    'npx vitest run',
  ]);
});
