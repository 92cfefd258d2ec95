import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** A room may import itself and the rooms named here; all others are out of reach. */
const ground = ['errors.ts', 'redact', 'record.ts', 'suggest-name.ts'];
const languages = ['segment', 'onesignal', ...ground];
const core = ['mapping', 'delivery', ...languages];
/** Doors: the core's types and pure parts, never the front door, never another door. */
const door = [...core, 'pipeline.ts', 'clock.ts'];
const mayImport: Record<string, readonly string[]> = {
  'errors.ts': [],
  redact: ['errors.ts'],
  'record.ts': [],
  'suggest-name.ts': [],
  'clock.ts': [],
  segment: ground,
  onesignal: ground,
  mapping: languages,
  delivery: ['onesignal', 'clock.ts', ...ground],
  'check-access.ts': languages,
  'check-options.ts': [...core, 'check-access.ts'],
  'pipeline.ts': [...core, 'clock.ts'],
  'create-destination.ts': [...core, 'pipeline.ts', 'check-options.ts'],
  'index.ts': [...core, 'pipeline.ts', 'create-destination.ts'],
  function: [...door, 'check-options.ts'],
  /** A simulation runs the sandbox. */
  testing: [...door, 'check-options.ts', 'sandbox'],
};
const mayUseNode = ['node'];
/** Which file may know which package; what is not listed may know none. */
const packages: Record<string, RegExp> = {
  'onesignal/client.ts': /^ky$/,
  'onesignal/uuid.ts': /^uuid$/,
  'segment/parse.ts': /^zod\/mini$/,
  'check-options.ts': /^zod\/mini$/,
  sandbox: /^hono(\/.*)?$/,
  undici: /^undici$/,
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const roomOf = (file: string) => file.split('/')[0] ?? file;
const imports = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map((match) => ({
    file,
    specifier: match[1] ?? match[2] ?? '',
  }));
});

const localImports = imports
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map(({ file, specifier }) => ({
    file,
    target: relative(src, resolve(src, dirname(file), specifier)).replace(/\.js$/, '.ts'),
  }));

test('imports point down: each room imports only the rooms below it', () => {
  const wrong = localImports
    .filter(({ file, target }) => {
      const room = roomOf(file);
      return room !== roomOf(target) && !(mayImport[room] ?? door).includes(roomOf(target));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const targets = new Map<string, string[]>();
  for (const { file, target } of localImports) targets.set(file, [...(targets.get(file) ?? []), target]);
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' > '));
    else if (!done.has(file)) for (const target of targets.get(file) ?? []) follow(target, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) follow(file, []);
  expect(circles).toEqual([]);
});

test('each package is known to one place only', () => {
  const wrong = imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .filter(({ file, specifier }) => !(packages[file] ?? packages[roomOf(file)])?.test(specifier))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('node: modules stand in the Node listener only', () => {
  const wrong = imports
    .filter(({ file, specifier }) => specifier.startsWith('node:') && !mayUseNode.includes(roomOf(file)))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('only golden files reach for the file system, and not before they are asked to', () => {
  const wrong = files
    .filter((file) => file !== 'testing/golden/node-files.ts')
    .filter((file) => readFileSync(join(src, file), 'utf8').includes('getBuiltinModule'));
  expect(wrong).toEqual([]);
});

test('the pure rooms know no clock, no network, no randomness and no process', () => {
  const impure =
    /\b(Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval|fetch\(|process\.|console\.|crypto\.)/;
  const wrong = files
    .filter((file) => ['segment', 'mapping', 'onesignal'].includes(roomOf(file)) && file !== 'onesignal/client.ts')
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

test('delivery and the sandbox know no time but that of their clock, so that a simulation can bring its own', () => {
  const direct = /\b(Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval)\b/;
  const wrong = files
    .filter((file) => ['delivery', 'sandbox'].includes(roomOf(file)))
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && direct.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

test('no module has state of its own', () => {
  const wrong = files.flatMap((file) =>
    readFileSync(join(src, file), 'utf8')
      .split('\n')
      .filter((line) => /^(export )?let\b|^(export )?var\b|^const \w+ = new (Map|WeakMap)\b(?!\()*\(\)/.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(wrong).toEqual([]);
});

test('no room is called by what it is not about', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|core)(\.ts$|\/)/.test(file));
  expect(vague).toEqual([]);
});
