import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../src/cli/settings/settings.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';
import { terminalIn } from './terminal.js';

const [fromFlag, fromEnv, fromFile, fromConfig] = ['1', '2', '3', '4'].map(
  (digit) => `0000000${digit}-0000-4000-8000-000000000001`,
);

test('flags come before variables, variables before --env-file, and the config file last', async () => {
  const cwd = createFolder({
    '.env': `ONESIGNAL_APP_ID=${fromFile}\nONESIGNAL_API_KEY=os_v2_app_file\nSEGMENT_SHARED_SECRET=shh\n`,
    'segment-onesignal.config.mjs': `export default { appId: '${fromConfig}', apiKey: 'os_v2_app_config', baseUrl: 'http://127.0.0.1:1', secrets: ['a', 'b'] };`,
  });
  const env = { ONESIGNAL_APP_ID: fromEnv ?? '' };
  const of = async (flags: object, variables = {}) => {
    const { appId, apiKey, baseUrl, secrets } = await readSettings(flags, terminalIn(cwd, variables));
    return { appId, apiKey, baseUrl, secrets };
  };
  const config = { appId: fromConfig, apiKey: 'os_v2_app_config', baseUrl: 'http://127.0.0.1:1', secrets: ['a', 'b'] };
  expect(await of({})).toEqual(config);
  const file = { ...config, appId: fromFile, apiKey: 'os_v2_app_file', secrets: ['shh'] };
  expect(await of({ envFile: '.env' })).toEqual(file);
  expect(await of({ envFile: '.env' }, env)).toEqual({ ...file, appId: fromEnv });
  expect(await of({ envFile: '.env', appId: fromFlag, baseUrl: 'http://[::1]' }, env)).toEqual({
    ...file,
    appId: fromFlag,
    baseUrl: 'http://[::1]',
  });
});

test('a .env file is not read unless it is named', async () => {
  const cwd = createFolder({ '.env': 'ONESIGNAL_APP_ID=x\n' });
  expect((await readSettings({}, terminalIn(cwd))).appId).toBeUndefined();
});

test('an empty variable counts as not set', async () => {
  const cwd = createFolder({ 'segment-onesignal.config.mjs': `export default { appId: '${fromConfig}' };` });
  expect((await readSettings({}, terminalIn(cwd, { ONESIGNAL_APP_ID: '' }))).appId).toBe(fromConfig);
});

test('an empty variable does not hide the one from --env-file', async () => {
  const cwd = createFolder({ '.env': `ONESIGNAL_APP_ID=${fromFile}\n` });
  const { appId } = await readSettings({ envFile: '.env' }, terminalIn(cwd, { ONESIGNAL_APP_ID: ' ' }));
  expect(appId).toBe(fromFile);
});

test('the receiver takes its secrets from variables or from the config file', async () => {
  const cwd = createFolder({
    'segment-onesignal.config.mjs': `export default { tokens: ['t1', 't2'], writeKeys: ['w1'] };`,
  });
  const of = async (env: Record<string, string>) => {
    const { secrets, tokens, writeKeys } = await readSettings({}, terminalIn(cwd, env));
    return { secrets, tokens, writeKeys };
  };
  expect(await of({})).toEqual({ tokens: ['t1', 't2'], writeKeys: ['w1'] });
  expect(await of({ WEBHOOK_TOKEN: 't', WEBHOOK_WRITE_KEY: 'w', SEGMENT_SHARED_SECRET: 's' })).toEqual({
    secrets: ['s'],
    tokens: ['t'],
    writeKeys: ['w'],
  });
});

test('the key can come from a file or from stdin', async () => {
  const cwd = createFolder({ 'key.txt': 'os_v2_app_file\n' });
  expect((await readSettings({ apiKeyFile: 'key.txt' }, terminalIn(cwd))).apiKey).toBe('os_v2_app_file');
  expect((await readSettings({ apiKeyFile: '-' }, terminalIn(cwd, {}, 'os_v2_app_pipe\n'))).apiKey).toBe(
    'os_v2_app_pipe',
  );
});

test('a TypeScript config that imports a neighboring file is found from a subfolder', async () => {
  const cwd = createFolder({
    'segment-onesignal.config.ts': `import { prefix } from './prefix';\nconst mapping: { prefix: string } = { prefix };\nexport default { mapping };\n`,
    'prefix.ts': `export const prefix: string = 'shop_';\n`,
    'below/x': '',
  });
  const settings = await readSettings({}, terminalIn(join(cwd, 'below')));
  expect(settings.mapping).toEqual({ prefix: 'shop_' });
  expect(settings.configFile).toBe(join(cwd, 'segment-onesignal.config.ts'));
});

test.each([
  ['{"prefix":"a_"}', 'mapping.json'],
  [`export default { prefix: 'a_' };`, 'mapping.mjs'],
  [`export const mapping = { prefix: 'a_' as const };`, 'mapping.ts'],
])('--mapping reads %s from %s', async (text, name) => {
  const cwd = createFolder({ [name]: text });
  expect((await readSettings({ mapping: name }, terminalIn(cwd))).mapping).toEqual({ prefix: 'a_' });
});

test.each([
  ['export defaul {}', /cannot be loaded: .*Unexpected token.* at .*\.mjs:1:7\n/],
  ['export const x = 1;', /has no default export\. Write: export default defineConfig/],
  ['export default { maping: {} };', /cannot be used: Unknown option "maping"\. Did you mean "mapping"\?/],
  ['export default { mapping: { prefx: "a" } };', /Unknown option "mapping\.prefx"\. Did you mean "prefix"\?/],
  ['throw new Error("no database");', /cannot be loaded: no database/],
])('a broken config is explained: %s', async (text, message) => {
  const cwd = createFolder({ 'segment-onesignal.config.mjs': text, 'e.json': '{"type":"page"}' });
  const { exitCode, stderr } = await cli(['plan', 'e.json'], { cwd });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(exitCode).toBe(2);
});

test.each([
  [
    ['--base-url', 'localhost:4010'],
    'The base URL must begin with http:// or https://, such as http://127.0.0.1:4010.',
  ],
  [['--api-key-file', 'key'], 'key is empty. It must contain the API key.'],
  [['--api-key-file', '-'], 'Stdin is empty. It must contain the API key.'],
])('check %j says what is wrong', async (flags, message) => {
  const args = ['check', '--app-id', '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', ...flags];
  const { exitCode, stderr } = await cli(args, { cwd: createFolder({ key: '\n' }) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `Error: ${message}\n` });
});

test('a misspelled option in a mapping file is answered with a suggestion', async () => {
  const cwd = createFolder({ 'm.json': '{"prefx":"a"}' });
  const { exitCode, stderr } = await cli(['plan', '--mapping', 'm.json'], { cwd });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Error: m.json cannot be used: Unknown option "prefx". Did you mean "prefix"?\n',
  });
});
