import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Modules that all other modules may import. */
const foundation = [
  'errors.ts',
  'redact',
  'record.ts',
  'suggest-name.ts',
  'option-rules.ts',
  'known-options.ts',
  'check-deliverer.ts',
];
/** The data on both sides: Segment's events, OneSignal's operations and requests. */
const data = ['segment', 'onesignal', ...foundation];
const core = ['mapping', 'delivery', ...data];
/**
 * What an integration (webhook, queue, sandbox …) may import: the core, but neither `index.ts` nor another integration.
 */
const integration = [...core, 'pipeline.ts', 'clock.ts', 'receiving'];
/**
 * The modules (a folder, or a file in `src`) that a module may import besides itself. Those not listed are
 * integrations.
 */
const mayImport: Record<string, readonly string[]> = {
  'errors.ts': [],
  redact: ['errors.ts'],
  'record.ts': [],
  'suggest-name.ts': [],
  'clock.ts': [],
  'check-deliverer.ts': ['option-rules.ts'],
  'option-rules.ts': ['errors.ts', 'record.ts'],
  'known-options.ts': ['option-rules.ts', 'suggest-name.ts'],
  /** Reads a request's body within bounds, for the integrations that receive requests. */
  receiving: ['errors.ts', 'option-rules.ts'],
  segment: foundation,
  onesignal: [...foundation, '..'],
  mapping: data,
  delivery: ['onesignal', 'clock.ts', ...foundation],
  'check-access.ts': data,
  'check-options.ts': [...core, 'check-access.ts'],
  'pipeline.ts': [...core, 'clock.ts'],
  'create-destination.ts': [...core, 'pipeline.ts', 'check-options.ts'],
  'create-destination-from-env.ts': [...core, 'pipeline.ts', 'check-options.ts', 'create-destination.ts'],
  'index.ts': [...core, 'pipeline.ts', 'create-destination.ts', 'create-destination-from-env.ts'],
  function: [...integration, 'check-options.ts'],
  /** A worker creates its destination, with stores on Redis. */
  fleet: [...integration, 'check-options.ts', 'create-destination.ts', 'redis'],
  /** BullMQ's entry point offers the fleet too, which can use a BullMQ queue's connection. */
  queue: [...integration, 'fleet'],
  /** A simulation runs the sandbox. */
  testing: [...integration, 'check-options.ts', 'sandbox'],
  /** A shell over the public entry points, which it imports by the name of the package. */
  cli: ['..', 'suggest-name.ts'],
};
const mayUseNode = ['node', 'cli'];
/** The packages that a module or file may import. Those not listed may import none. */
const packages: Record<string, RegExp> = {
  'onesignal/client.ts': /^ky$/,
  'onesignal/uuid.ts': /^uuid$/,
  'segment/parse.ts': /^zod\/v4\/core$/,
  sandbox: /^hono(\/.*)?$/,
  undici: /^undici$/,
  'cli/serving/connect-redis.ts': /^ioredis$/,
  'cli/export/csv-files.ts': /^csv-stringify\/sync$/,
  'cli/archive/list-files.ts': /^tinyglobby$/,
  'cli/settings/load-module.ts': /^jiti\/static$/,
  'cli/print/table.ts': /^cli-table3$/,
  cli: /^(commander|segment-onesignal(\/.*)?)$/,
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const moduleOf = (file: string) => file.split('/')[0] ?? file;
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

test('imports point down: each module imports only the modules below it', () => {
  const wrong = localImports
    .filter(({ file, target }) => {
      const module = moduleOf(file);
      return module !== moduleOf(target) && !(mayImport[module] ?? integration).includes(moduleOf(target));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(wrong).toEqual([]);
});

test('no file imports itself through others', () => {
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

test('each package is imported in one place only', () => {
  const wrong = imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .filter(({ file, specifier }) => !(packages[file] ?? packages[moduleOf(file)])?.test(specifier))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('only the Node listener and the command line import node: modules', () => {
  const wrong = imports
    .filter(({ file, specifier }) => specifier.startsWith('node:') && !mayUseNode.includes(moduleOf(file)))
    .map(({ file, specifier }) => `${file} imports ${specifier}`);
  expect(wrong).toEqual([]);
});

test('only golden files use the file system', () => {
  const wrong = files
    .filter((file) => file !== 'testing/golden/node-files.ts')
    .filter((file) => readFileSync(join(src, file), 'utf8').includes('getBuiltinModule'));
  expect(wrong).toEqual([]);
});

test('the pure modules use no clock, network, randomness or process', () => {
  const impure =
    /\b(Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval|fetch\(|process\.|console\.|crypto\.)/;
  const wrong = files
    .filter((file) => ['segment', 'mapping', 'onesignal'].includes(moduleOf(file)) && file !== 'onesignal/client.ts')
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && impure.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

test('delivery and the sandbox take time and randomness from their clock, so that a simulation can replace it', () => {
  const direct = /\b(Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval)\b/;
  const wrong = files
    .filter((file) => ['delivery', 'sandbox'].includes(moduleOf(file)))
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && direct.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

test('no module holds state at its top level', () => {
  const wrong = files.flatMap((file) =>
    readFileSync(join(src, file), 'utf8')
      .split('\n')
      .filter((line) => /^(export )?let\b|^(export )?var\b|^const \w+ = new (Map|WeakMap)\b(?!\()*\(\)/.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(wrong).toEqual([]);
});

test('no file or folder has a vague name', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|core)(\.ts$|\/)/.test(file));
  expect(vague).toEqual([]);
});
