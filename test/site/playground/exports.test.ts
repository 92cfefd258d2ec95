import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defineMapping } from 'segment-onesignal';
import { checkGoldenFiles } from 'segment-onesignal/testing';
import { afterAll, expect, test } from 'vitest';
import { toCurl } from '../../../docs/.site/playground/model/curl.js';
import {
  type ExportedFile,
  exportGoldenFiles,
  exportMapping,
  exportTest,
} from '../../../docs/.site/playground/model/exports.js';
import { firstState } from '../../../docs/.site/playground/model/first-state.js';
import { toLiteral } from '../../../docs/.site/playground/model/literal.js';
import { buildSample, sampleGroups } from '../../../docs/.site/playground/model/samples.js';
import { root } from '../../code-blocks.js';

const mapping = defineMapping({
  ...JSON.parse(firstState().mapping),
  rename: { plan: 'tier', "it's": '`back`' },
  customEvents: { tags: 'keep' },
  group: { prefix: 'g_' },
});
const hostile: unknown[] = JSON.parse(String.raw`[
  { "type": "identify", "userId": "u'1", "traits": { "__proto__": "x", "a b": "\u2028", "'": "\"\\\n", "c": "$\u007b1}" } },
  { "type": "Track", "userId": "u1" },
  { "type": "identify", "userId": 7, "traits": [] },
  { "type": "purchase" },
  { "userId": "u1" },
  "text", null, [], 1
]`);
const samples = sampleGroups.flatMap(({ samples }) => samples.map(({ builder }) => buildSample(builder, [])));
const events: unknown[] = [...samples.map((text) => JSON.parse(text)), ...hostile];

const projects: string[] = [];
afterAll(() => {
  for (const project of projects) rmSync(project, { recursive: true });
});

function createProject(files: readonly ExportedFile[]): string {
  const project = mkdtempSync(join(tmpdir(), 'playground-export-'));
  projects.push(project);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return project;
}

test('the exported test passes in Vitest, for every sample and for hostile events', { timeout: 300_000 }, () => {
  const project = createProject([exportMapping(mapping), exportTest(events, mapping)]);
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(join(root, 'node_modules', 'vitest'), join(project, 'node_modules', 'vitest'));
  const alias = [
    `{ find: /^segment-onesignal$/, replacement: '${join(root, 'src/index.ts')}' }`,
    `{ find: /^segment-onesignal.testing$/, replacement: '${join(root, 'src/testing/index.ts')}' }`,
  ];
  const config = `export default { resolve: { alias: [${alias}] }, server: { fs: { strict: false } } };`;
  writeFileSync(join(project, 'vitest.config.mjs'), config);
  const entry = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout, stderr, status } = spawnSync(process.execPath, [entry, 'run'], {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  expect(stdout + stderr).toContain(`Tests  ${events.length} passed (${events.length})`);
  expect(status).toBe(0);
});

test.each([
  ['one event', events.slice(0, 1)],
  ['all events', events],
])('the golden file for %s equals the plans that the testing kit computes', (_, given) => {
  const project = createProject(exportGoldenFiles(given, mapping));
  const [events, plans] = [join(project, 'test/events'), join(project, 'test/plans')];
  const [found] = checkGoldenFiles({ events, plans, mapping, update: false });
  expect(found).toEqual({ name: 'playground.json', status: 'equal' });
});

test('the exported mapping is the code that a developer would write', () => {
  expect(
    exportMapping(defineMapping({ prefix: 'shop_', exclude: ['ssn'], rename: { 'a b': 'c' } })).text,
  ).toBe(`import { defineMapping } from 'segment-onesignal';

export const mapping = defineMapping({
  prefix: 'shop_',
  exclude: ['ssn'],
  rename: { 'a b': 'c' },
});
`);
});

test('a literal evaluates to the value that it was made from', () => {
  const evaluated: unknown = new Function(`return ${toLiteral(events)}`)();
  expect(evaluated).toEqual(events);
  expect(JSON.stringify(evaluated)).toBe(JSON.stringify(events));
});

test('a shell parses the curl command back into the request', () => {
  const body = { tags: { a: `it's "$HOME" \`id\` \\ !\n` } };
  const command = toCurl({ method: 'PATCH', path: `/apps/a/users/by/external_id/o'brien`, body });
  const script = `curl() { printf '%s\\0' "$@"; }\nONESIGNAL_API_KEY=secret\n${command}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
  expect(words.slice(0, -2)).toEqual([
    '-X',
    'PATCH',
    `https://api.onesignal.com/apps/a/users/by/external_id/o'brien`,
    '-H',
    'Authorization: Key secret',
    '-H',
    'Content-Type: application/json',
    '--data-raw',
  ]);
  expect(JSON.parse(words.at(-2) ?? '')).toEqual(body);
  expect(toCurl({ method: 'DELETE', path: '/x' })).not.toContain('--data-raw');
});
