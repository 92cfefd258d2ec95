import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { samples } from '../../src/cli/samples/samples.js';
import * as kit from '../../src/testing/index.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';
import { startCli } from './send/start-cli.js';

const event = { type: 'track', userId: 'u1', event: 'Plan Changed', properties: { plan: 'team' } };

test('writes golden files, accepts them, and shows a difference', async () => {
  const cwd = createFolder({ 'golden/events/a.json': JSON.stringify(event), 'm.json': '{"prefix":"shop_"}' });
  const missing = await cli(['test', 'golden'], { cwd });
  expect(missing.exitCode).toBe(1);
  expect(missing.stdout).toContain('✗ a.json: missing\n');
  expect(missing.stdout).toContain('is missing. Run this command with --update to write it');
  expect((await cli(['test', 'golden', '--update'], { cwd })).stdout).toBe('✓ a.json (written)\n1 written\n');
  expect(readFileSync(join(cwd, 'golden/plans/a.json'), 'utf8')).toContain('"plan": "team"');
  expect(await cli(['test', 'golden'], { cwd })).toMatchObject({ exitCode: 0, stdout: '✓ a.json\n1 equal\n' });
  const different = await cli(['test', 'golden', '--mapping', 'm.json'], { cwd });
  expect(different.exitCode).toBe(1);
  expect(different.stdout).toMatch(/\n {2}- +"plan": "team"\n {2}\+ +"shop_plan": "team"\n/);
});

test('a folder without events is explained', async () => {
  const { exitCode, stderr } = await cli(['test', 'nothing'], { cwd: createFolder() });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Error: The folder ".*nothing\/events" does not exist\./);
});

test('--update needs a folder', async () => {
  const { exitCode, stderr } = await cli(['test', '--update'], { cwd: createFolder() });
  expect({ exitCode, stderr: stderr.slice(0, 29) }).toEqual({ exitCode: 2, stderr: 'Error: --update needs a folde' });
});

test('--watch without a folder or a mapping file has nothing to watch', async () => {
  const { exitCode, stdout, stderr } = await cli(['test', '--watch'], { cwd: createFolder() });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'Error: --watch has nothing to watch. Name a folder, a mapping file or a config file.\n',
  });
});

test('without a folder it maps every sample', async () => {
  const { exitCode, stdout } = await cli(['test'], { cwd: createFolder() });
  expect(exitCode).toBe(0);
  for (const { name } of samples) expect(stdout).toContain(`${name}\n  `);
  expect(stdout).toContain('order-completed\n  planned for user-1\n  + tag checkout_id = "checkout-31"\n');
});

test('--watch runs again when a file changes, until Ctrl-C', async () => {
  const cwd = createFolder({ 'golden/events/a.json': JSON.stringify(event) });
  await cli(['test', 'golden', '--update'], { cwd });
  const run = startCli(['test', 'golden', '--watch'], { cwd });
  await vi.waitFor(() => expect(run.stdout()).toContain('1 equal\nWaiting for changes'), { timeout: 20_000 });
  writeFileSync(join(cwd, 'golden/events/a.json'), JSON.stringify({ ...event, properties: { plan: 'pro' } }));
  await vi.waitFor(() => expect(run.stdout()).toContain('1 different\nWaiting for changes'), { timeout: 20_000 });
  run.interrupt();
  expect(await run.exitCode).toBe(0);
});

test('--watch follows a mapping file that an editor replaces', async () => {
  const cwd = createFolder({ 'golden/events/a.json': JSON.stringify(event), 'm.json': '{}' });
  await cli(['test', 'golden', '--update'], { cwd });
  const run = startCli(['test', 'golden', '--mapping', 'm.json', '--watch'], { cwd });
  const lastWord = () => /(\d \w+)\nWaiting for changes.*\n$/.exec(run.stdout())?.[1];
  await vi.waitFor(() => expect(lastWord()).toBe('1 equal'), { timeout: 20_000 });
  for (const [text, word] of [
    ['{"prefix":"shop_"}', '1 different'],
    ['{}', '1 equal'],
  ] as const) {
    writeFileSync(join(cwd, 'm.json~'), text);
    renameSync(join(cwd, 'm.json~'), join(cwd, 'm.json'));
    await vi.waitFor(() => expect(lastWord()).toBe(word), { timeout: 20_000 });
  }
  run.interrupt();
  expect(await run.exitCode).toBe(0);
});

test('there is a sample for every builder in the testing kit', () => {
  const { identify, track, page, screen, group, alias, deletion, orderCompleted } = kit;
  const { computedTrait, computedTraitTrack, journeyStep, journeyStepIdentify, linkedAudience } = kit;
  const { messagingSubscriptions, audience, mobile } = kit;
  const builders = [
    ...Object.keys({ identify, track, page, screen, group, alias, deletion, orderCompleted, computedTrait }),
    ...Object.keys({ computedTraitTrack, journeyStep, journeyStepIdentify, linkedAudience, messagingSubscriptions }),
    ...Object.keys(audience).map((name) => `audience${name}`),
    ...Object.keys(mobile),
  ].map((name) => name.toLowerCase());
  expect(samples.map(({ name }) => name.replaceAll('-', '')).sort()).toEqual(builders.sort());
});

test('samples lists every sample, and prints one with fields set and removed', async () => {
  const cwd = createFolder();
  const list = await cli(['samples'], { cwd });
  for (const { name } of samples) expect(list.stdout).toContain(name);
  const args = [
    'samples',
    'computed-trait',
    '--key',
    'ltv',
    '--value',
    '12',
    '--set',
    'context',
    '--set',
    'a.b={"c":1}',
  ];
  const printed: unknown = JSON.parse((await cli(args, { cwd })).stdout);
  expect(printed).toMatchObject({ type: 'identify', traits: { ltv: 12 }, a: { b: { c: 1 } } });
  expect(printed).not.toHaveProperty('context');
});
