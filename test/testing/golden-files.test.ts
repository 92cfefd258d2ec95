import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkGoldenFiles, exactly, identify, testGoldenFiles, track } from '../../src/testing/index.js';

let folder: string;
let events: string;
let plans: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  // The names that RudderStack users know.
  [events, plans] = [join(folder, 'input'), join(folder, 'output')];
  mkdirSync(events);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const signup = identify({ traits: exactly({ plan: 'pro' }) });
const write = (parent: string, name: string, value: unknown): void => {
  mkdirSync(parent, { recursive: true });
  writeFileSync(join(parent, name), typeof value === 'string' ? value : JSON.stringify(value));
};
const check = (more: object = {}) => checkGoldenFiles({ events, plans, ...more });
const update = () => check({ update: true });

describe('golden files', () => {
  test('that are missing are written by an update, and are equal from then on', () => {
    write(events, 'signup.json', signup);
    expect(update()).toEqual([{ name: 'signup.json', status: 'written' }]);
    expect(check()).toEqual([{ name: 'signup.json', status: 'equal' }]);
    expect(JSON.parse(readFileSync(join(plans, 'signup.json'), 'utf8'))).toMatchObject({
      status: 'planned',
      operations: [{ type: 'update_user', tags: { plan: 'pro' } }],
    });
  });

  test('that are missing fail without an update, and nothing is written', () => {
    write(events, 'signup.json', signup);
    expect(check()).toEqual([
      {
        name: 'signup.json',
        status: 'missing',
        problem: `${plans}/signup.json is missing. Run the tests with UPDATE_GOLDEN=1 to write it, then read and commit it.`,
      },
    ]);
    expect(readdirSync(folder)).toEqual(['input']);
  });

  test('that differ fail with the difference and how to update them', () => {
    write(events, 'signup.json', signup);
    update();
    const [file] = check({ mapping: { prefix: 'shop_' } });
    expect(file?.status).toBe('different');
    expect(file?.problem).toContain('run the tests with UPDATE_GOLDEN=1 and commit the file.');
    expect(file?.problem).toContain('-         "plan": "pro"\n+         "shop_plan": "pro"');
    expect(check({ mapping: { prefix: 'shop_' }, update: true })).toEqual([{ name: 'signup.json', status: 'written' }]);
    expect(check({ mapping: { prefix: 'shop_' } })).toEqual([{ name: 'signup.json', status: 'equal' }]);
  });

  test('may be formatted differently', () => {
    write(events, 'signup.json', signup);
    update();
    const plan: Record<string, unknown> = JSON.parse(readFileSync(join(plans, 'signup.json'), 'utf8'));
    write(plans, 'signup.json', Object.fromEntries(Object.entries(plan).reverse()));
    expect(check()).toEqual([{ name: 'signup.json', status: 'equal' }]);
  });

  test('without an event file are stale, and an update removes them', () => {
    write(events, 'signup.json', signup);
    update();
    write(plans, 'old.json', {});
    write(plans, 'README.md', 'kept');
    expect(check().map(({ name, status }) => `${name} ${status}`)).toEqual(['old.json stale', 'signup.json equal']);
    expect(check()[0]?.problem).toContain(`${plans}/old.json is stale: ${events}/old.json does not exist.`);
    expect(update()[0]).toEqual({ name: 'old.json', status: 'removed' });
    expect(readdirSync(plans)).toEqual(['README.md', 'signup.json']);
  });

  test('may contain arrays of events and of plans', () => {
    write(events, 'stream.json', [signup, track('Plan Changed', { properties: { plan: 'team' } }), 'no event']);
    update();
    const written: unknown[] = JSON.parse(readFileSync(join(plans, 'stream.json'), 'utf8'));
    expect(written).toMatchObject([{ status: 'planned' }, { status: 'planned' }, { status: 'failed' }]);
    expect(check()).toEqual([{ name: 'stream.json', status: 'equal' }]);
  });

  test('that are not JSON are reported, and an update rewrites the plan but leaves the event', () => {
    write(events, 'signup.json', signup);
    write(plans, 'signup.json', '<<<<<<< HEAD');
    expect(check()[0]?.problem).toContain(`${plans}/signup.json is not JSON: `);
    expect(update()).toEqual([{ name: 'signup.json', status: 'written' }]);
    write(events, 'signup.json', '{');
    expect(update()[0]).toMatchObject({ status: 'unreadable' });
    expect(readFileSync(join(events, 'signup.json'), 'utf8')).toBe('{');
  });

  test('may be located by URL', () => {
    write(events, 'signup.json', signup);
    const urls = { events: pathToFileURL(events), plans: pathToFileURL(plans) };
    expect(checkGoldenFiles({ ...urls, update: true })[0]?.status).toBe('written');
    expect(checkGoldenFiles(urls)[0]?.status).toBe('equal');
  });

  test('without any events throw, because they would test nothing', () => {
    expect(() => check()).toThrow(`The folder "${events}" contains no .json files.`);
    expect(() => checkGoldenFiles({ events: 'no/such/folder', plans })).toThrow(
      'The folder "no/such/folder" does not exist.',
    );
    expect(() => checkGoldenFiles({ events, plans: events })).toThrow(
      '"events" and "plans" must be different folders.',
    );
  });

  test.each<[string, object]>([
    ['events', {}],
    ['events', { events: '', plans: 'b' }],
    ['plans', { events: 'a' }],
  ])('need the folder of the %s: %j', (option, options) => {
    const message = `"${option}" is missing. Pass the path of a folder.`;
    const refused = expect.objectContaining({ name: 'ConfigurationError', code: 'missing', option, message });
    expect(() => Reflect.apply(checkGoldenFiles, undefined, [options])).toThrow(refused);
    expect(() => Reflect.apply(testGoldenFiles, undefined, [{ test, ...options }])).toThrow(refused);
  });

  test('check the mapping as a destination does', () => {
    write(events, 'signup.json', signup);
    const mapping: object = { excludes: ['ssn'] };
    expect(() => check({ mapping })).toThrow('Unknown option "mapping.excludes".');
  });

  test('throw where there is no file system', () => {
    vi.stubGlobal('process', undefined);
    expect(() => check({ update: false })).toThrow('Golden files need a file system.');
  });
});

describe('testGoldenFiles', () => {
  const registered = (options: object = {}) => {
    const tests: { name: string; run: () => void }[] = [];
    testGoldenFiles({ test: (name, run) => tests.push({ name, run }), events, plans, ...options });
    return tests;
  };

  test('registers a test per file, which fails with the problem', () => {
    write(events, 'a.json', signup);
    update();
    write(events, 'b.json', signup);
    const tests = registered();
    expect(tests.map(({ name }) => name)).toEqual(['golden file a.json', 'golden file b.json']);
    expect(tests[0]?.run).not.toThrow();
    expect(tests[1]?.run).toThrow('b.json is missing. Run the tests with UPDATE_GOLDEN=1');
  });

  test('updates when UPDATE_GOLDEN is set, and only when its tests run', () => {
    write(events, 'a.json', signup);
    vi.stubEnv('UPDATE_GOLDEN', '1');
    const tests = registered();
    expect(readdirSync(folder)).toEqual(['input']);
    for (const { run } of tests) run();
    expect(readdirSync(plans)).toEqual(['a.json']);
    vi.stubEnv('UPDATE_GOLDEN', '0');
    write(events, 'b.json', signup);
    expect(registered()[1]?.run).toThrow('b.json is missing.');
  });

  test('uses the global test function, and asks for one if there is none', () => {
    write(events, 'a.json', signup);
    expect(() => testGoldenFiles({ events, plans })).toThrow('No global "test" function was found.');
    const names: string[] = [];
    vi.stubGlobal('test', (name: string) => names.push(name));
    testGoldenFiles({ events, plans });
    expect(names).toEqual(['golden file a.json']);
  });
});
