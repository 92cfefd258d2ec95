import { execFileSync, spawn } from 'node:child_process';
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
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './code-blocks.js';
import { deadLinks } from './links.js';

/** A project with only the packed package and its dependencies installed. */
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
const packed = (...path: string[]): string => join(project, 'node_modules', 'segment-onesignal', ...path);
const packedFiles = (): string[] =>
  readdirSync(packed(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(packed(), join(parentPath, name)));
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

test('every entry point can be imported, and required by CommonJS', () => {
  const sizes = `const sizes = (modules) => console.log(modules.every((module) => Object.keys(module).length > 0));`;
  const imports = specifiers.map((specifier) => `await import('${specifier}')`);
  expect(run(process.execPath, '--input-type=module', '-e', `${sizes} sizes([${imports}]);`)).toBe('true\n');
  const requires = specifiers.map((specifier) => `require('${specifier}')`);
  expect(run(process.execPath, '--input-type=commonjs', '-e', `${sizes} sizes([${requires}]);`)).toBe('true\n');
  const paths = specifiers.map((specifier) => `require.resolve('${specifier}')`);
  const resolved = run(process.execPath, '--input-type=commonjs', '-e', `console.log([${paths}].join('\\n'));`);
  expect(resolved.trim().split('\n')).toEqual(specifiers.map(() => expect.stringMatching(/\.cjs$/)));
});

test.each(['mts', 'cts'])(
  'every entry point has types that pass strict TypeScript without skipLibCheck, from .%s',
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
  const declarations = packedFiles().filter((file) => /\.d\.c?ts$/.test(file));
  expect(declarations.length).toBeGreaterThanOrEqual(2 * entries.length);
  const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  for (const file of declarations) {
    const code = readFileSync(packed(file), 'utf8');
    const specifiers = ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName);
    const foreign = specifiers.filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    expect(foreign.filter((name) => !installed.includes(name))).toEqual([]);
    expect(code).not.toContain('type-fest');
  }
  expect(existsSync(join(project, 'node_modules', 'type-fest'))).toBe(false);
});

test('the types have no internal members, and no file with a hash in its name', () => {
  const declarations = packedFiles().filter((file) => /\.d\.c?ts$/.test(file));
  expect(declarations.filter((file) => readFileSync(packed(file), 'utf8').includes('@internal'))).toEqual([]);
  const sources = declarations.map((file) => file.replace(/^dist\/types/, 'src').replace(/\.d\.c?ts$/, '.ts'));
  expect(sources.filter((file) => !existsSync(packed(file)))).toEqual([]);
});

test.each(['mts', 'cts'])(
  '"go to definition" opens the source, from .%s',
  async (extension) => {
    const entryOf = {
      mapEvent: '',
      createDestination: '',
      createWebhookHandler: '/webhook',
      createSandbox: '/sandbox',
    };
    const found = await definitions(entryOf, extension);
    const names = found.map(({ file, start, end }) => {
      expect(relative(packed(), file)).toMatch(/^src\/[\w/-]+\.ts$/);
      const line = readFileSync(file, 'utf8').split('\n')[start.line - 1] ?? '';
      expect(line.slice(0, start.offset - 1)).toBe('export function ');
      return line.slice(start.offset - 1, end.offset - 1);
    });
    expect(names).toEqual(Object.keys(entryOf));
  },
  60_000,
);

interface Span {
  file: string;
  start: { line: number; offset: number };
  end: { line: number; offset: number };
}

/** The places to which an editor goes from imported names, according to the server that editors use. */
async function definitions(entryOf: Record<string, string>, extension: string): Promise<Span[]> {
  const file = join(project, `definitions.${extension}`);
  const imports = Object.entries(entryOf).map(
    ([name, entry]) => `import { ${name} } from 'segment-onesignal${entry}';`,
  );
  writeFileSync(file, imports.join('\n'));
  writeFileSync(join(project, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext", "types": ["node"] } }');
  const requests = [
    { command: 'open', arguments: { file } },
    ...imports.map((_, index) => ({ command: 'definition', arguments: { file, line: index + 1, offset: 11 } })),
  ];
  const path = join(root, 'node_modules', 'typescript', 'lib', 'tsserver.js');
  // Its input stays open until it has answered, because it exits without an answer at the end of the input.
  const server = spawn(process.execPath, [path, '--disableAutomaticTypingAcquisition'], { cwd: project });
  requests.forEach((request, seq) => {
    server.stdin.write(`${JSON.stringify({ seq, type: 'request', ...request })}\n`);
  });
  const found: Span[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    const answer: { command?: string; body?: Span[] } = line.startsWith('{') ? JSON.parse(line) : {};
    if (answer.command === 'definition') found.push(...(answer.body ?? []));
    if (found.length === imports.length) break;
  }
  server.kill();
  return found;
}

test('the source maps name files of the package, or contain the source', () => {
  for (const file of packedFiles().filter((path) => path.endsWith('.map'))) {
    const { sources, sourcesContent }: { sources: string[]; sourcesContent?: (string | null)[] } = JSON.parse(
      readFileSync(packed(file), 'utf8'),
    );
    const lost = sources.filter(
      (source, index) => !existsSync(packed(dirname(file), source)) && typeof sourcesContent?.[index] !== 'string',
    );
    expect({ file, lost }).toEqual({ file, lost: [] });
  }
});

test('every link of a packed document leads to a packed file, and to a heading in it', () => {
  const files = new Map(packedFiles().map((file) => [file, readFileSync(packed(file), 'utf8')]));
  expect(deadLinks(files)).toEqual([]);
});

test('a link to a file or a heading that is missing is found', () => {
  const files = new Map([
    [
      'README.md',
      '# A `b` & c\n[ok](docs/a.md#two-2-words) [ok](#a-b--c) [ok](docs) `[code](x.md)`\n```\n[code](y.md)\n```\n',
    ],
    ['docs/a.md', '## Two (2) words\n[up](../README.md) [gone](../gone.ts) [no heading](#three)\n[no]: b.md\n'],
  ]);
  expect(deadLinks(files)).toEqual(['docs/a.md: ../gone.ts', 'docs/a.md: #three', 'docs/a.md: b.md']);
});

test('publint finds nothing to fix', () => {
  expect(run(bin('publint'), '--strict', join('node_modules', 'segment-onesignal'))).toContain('All good!');
}, 60_000);

test('attw finds no problem with the types for node10, CommonJS, ES modules and bundlers', () => {
  expect(run(bin('attw'), tarball, '--format', 'ascii')).toContain('No problems found');
}, 60_000);

test('the package contains the build, its source, the examples and documents, and nothing else', () => {
  const others = packedFiles().filter(
    (path) => !/^(dist\/|src\/.+\.ts$|examples\/|docs\/[\w-]+\.md$|docs\/drawings\/[\w-]+\.svg$)/.test(path),
  );
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
});

test('the package contains the licenses of bundled packages and of their dependencies', () => {
  const notices = readFileSync(packed('dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of [
    'zod',
    'ky',
    'hono',
    'uuid',
    'commander',
    'jiti',
    'cli-table3',
    '@colors/colors',
    'string-width',
    'denque',
  ])
    expect(notices).toMatch(new RegExp(`^${name}@`, 'm'));
  const pasted = readFileSync(packed('dist', 'segment-function.js'), 'utf8');
  for (const name of ['zod', 'ky', 'uuid']) expect(pasted.slice(0, 5_000)).toMatch(new RegExp(`^${name}@`, 'm'));
});

test('nothing names an author or a repository, because they are not known yet', () => {
  for (const field of ['author', 'repository', 'homepage', 'bugs']) expect(manifest).not.toHaveProperty(field);
});
