import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './code-blocks.js';

/** A project with nothing installed but the packed package and its dependencies. */
let project: string;
let tarball: string;
const manifest: {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
const specifiers = entries.map((entry) => entry.replace(/^\./, 'segment-onesignal'));
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: project, encoding: 'utf8' });
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'segment-onesignal-'));
  tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'segment-onesignal'), { recursive: true });
  run('tar', '-xzf', tarball, '-C', join(modules, 'segment-onesignal'), '--strip-components=1');
  for (const name of [...Object.keys(manifest.dependencies), '@types', 'undici-types', 'undici']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
}, 60_000);
afterAll(() => rmSync(project, { recursive: true }));

test('every entry can be imported, and required by CommonJS', () => {
  for (const specifier of specifiers) {
    expect(
      run(
        process.execPath,
        '--input-type=module',
        '-e',
        `import * as entry from '${specifier}'; console.log(Object.keys(entry).length > 0)`,
      ),
    ).toBe('true\n');
    expect(
      run(
        process.execPath,
        '--input-type=commonjs',
        '-e',
        `console.log(Object.keys(require('${specifier}')).length > 0)`,
      ),
    ).toBe('true\n');
  }
});

test.each(['mts', 'cts'])(
  'every entry has types that hold in strict TypeScript without skipLibCheck, from .%s',
  (extension) => {
    const lines = specifiers.map(
      (specifier, index) => `import * as entry${index} from '${specifier}';\nvoid entry${index};`,
    );
    writeFileSync(join(project, `consumer.${extension}`), lines.join('\n'));
    const options = [
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
    ];
    expect(run(process.execPath, bin('tsc'), ...options, `consumer.${extension}`)).toBe('');
  },
  60_000,
);

test('the types need no package that the consumer does not install, such as type-fest', () => {
  const dist = join(project, 'node_modules', 'segment-onesignal', 'dist');
  const declarations = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );
  expect(declarations.length).toBeGreaterThanOrEqual(entries.length);
  const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  for (const file of declarations) {
    const code = readFileSync(join(dist, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const specifiers = [...code.matchAll(/\b(?:from|import|import\()\s*['"]([^.'"][^'"]*)['"]/g)].map(
      ([, name]) => name,
    );
    expect(specifiers.filter((name = '') => !name.startsWith('node:') && !installed.includes(name))).toEqual([]);
    expect(code).not.toContain('type-fest');
  }
  expect(existsSync(join(project, 'node_modules', 'type-fest'))).toBe(false);
});

test('publint finds nothing to fix', () => {
  expect(run(bin('publint'), '--strict', join('node_modules', 'segment-onesignal'))).toContain('All good!');
}, 60_000);

test('attw finds every entry well typed for ES modules', () => {
  expect(() => run(bin('attw'), tarball, '--profile', 'esm-only')).not.toThrow();
}, 60_000);

test('the package holds the build and its documents, and nothing else', () => {
  const files = execFileSync('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files: packed }]: [{ files: { path: string }[] }] = JSON.parse(files);
  const others = packed.map(({ path }) => path).filter((path) => !/^(dist\/|docs\/[\w-]+\.md$)/.test(path));
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
}, 60_000);
