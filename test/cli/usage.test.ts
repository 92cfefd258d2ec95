import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/main.js';
import { eventStreamTemplate } from '../../src/event-stream/index.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';
import { terminalIn } from './terminal.js';

const program = createProgram(terminalIn('/'), () => {});
const commands = program
  .createHelp()
  .visibleCommands(program)
  .map((command) => command.name());

test.each(commands.filter((name) => name !== 'help'))('the help of %s has an example', async (name) => {
  const { exitCode, stdout, stderr } = await cli([name, '--help'], { cwd: '/' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: segment-onesignal /);
  expect(stdout).toMatch(/\nExamples?:\n {2}\$ /);
});

test('a misspelled command is answered with a suggestion', async () => {
  const { exitCode, stderr } = await cli(['plna'], { cwd: '/' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'Unknown command "plna". Did you mean "plan"?\n' });
});

test('a misspelled flag is answered with a suggestion', async () => {
  const { exitCode, stderr } = await cli(['check', '--app-ip', 'x'], { cwd: '/' });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Unknown option "--app-ip". Did you mean "--app-id"?\n',
  });
});

test('an unknown flag that resembles no other points to the help', async () => {
  const { stderr } = await cli(['check', '--frobnicate'], { cwd: '/' });
  expect(stderr).toBe('Unknown option "--frobnicate". See "segment-onesignal check --help".\n');
});

test.each([['--api-key=os_v2_app_secret'], ['--key=os_v2_app_secret']])(
  'a key among the arguments is refused and not repeated: %s',
  async (flag) => {
    const { exitCode, stdout, stderr } = await cli(['check', flag], { cwd: '/' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Set ONESIGNAL_API_KEY');
    expect(stdout + stderr).not.toContain('os_v2_app_secret');
  },
);

test.each([
  ['--secret=abc', 'SEGMENT_SHARED_SECRET'],
  ['--token=abc', 'WEBHOOK_TOKEN'],
  ['--write-key=abc', 'WEBHOOK_WRITE_KEY'],
])('a secret among the arguments is refused and not repeated: %s', async (flag, variable) => {
  const { exitCode, stderr } = await cli(['serve', flag], { cwd: '/' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`A secret among the arguments would show in "ps". Set ${variable}.`);
  expect(stderr).not.toContain('abc');
});

test.each([
  ['samples identify --key vip', 'Error: The sample "identify" has no --key. Change its fields with --set.'],
  [
    'samples audience-entered --value 5',
    'Error: The sample "audience-entered" has no --value. Change its fields with --set.',
  ],
  [
    'trigger page --to http://127.0.0.1:1 --missing-user skip',
    'Option "--to <url>" cannot be used with option "--missing-user <action>". See "segment-onesignal trigger --help".',
  ],
  ['samples --key vip', 'Error: --key needs the name of a sample. See "segment-onesignal samples".'],
  ['samples --set userId=u1', 'Error: --set needs the name of a sample. See "segment-onesignal samples".'],
  [
    'trigger page --to http://127.0.0.1:1 --mapping m.json',
    'Option "--to <url>" cannot be used with option "-m, --mapping <file>". See "segment-onesignal trigger --help".',
  ],
  [
    'trigger page --to http://127.0.0.1:1 --base-url http://127.0.0.1:2',
    'Option "--to <url>" cannot be used with option "--base-url <url>". See "segment-onesignal trigger --help".',
  ],
  [
    'plan --json --show 5',
    'Option "--json" cannot be used with option "--show <events>". See "segment-onesignal plan --help".',
  ],
  ['send e.json --temp-dir parts', 'Error: --temp-dir needs --compact.'],
  ['serve --queue shop --allow-unsigned --sandbox', 'Error: --queue needs --redis.'],
  [
    'serve --sandbox --allow-unsigned --base-url http://127.0.0.1:1',
    'Option "--sandbox" cannot be used with option "--base-url <url>". See "segment-onesignal serve --help".',
  ],
  [
    'serve --redis --app-id 3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
    'Option "--redis [url]" cannot be used with option "--app-id <uuid>". See "segment-onesignal serve --help".',
  ],
  ['worker --host 0.0.0.0', 'Error: --host needs --metrics-port.'],
  [
    'serve --redis --missing-user create',
    'Option "--redis [url]" cannot be used with option "--missing-user <action>". See "segment-onesignal serve --help".',
  ],
])('a flag that would have no effect is refused: %s', async (args, message) => {
  const { exitCode, stderr } = await cli(args.split(' '), { cwd: '/' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `${message}\n` });
});

test('an unknown shell is answered with the known ones', async () => {
  const { exitCode, stderr } = await cli(['completion', 'tcsh'], { cwd: '/' });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Unknown shell "tcsh"\. Allowed choices are bash, zsh, fish\. /);
});

test('without a command it prints the help', async () => {
  const { exitCode, stderr } = await cli([], { cwd: '/' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Commands:');
});

test('the version is the version of the package', async () => {
  const { stdout } = await cli(['--version'], { cwd: '/' });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an error is one line, plus a stack with --debug', async () => {
  const cwd = createFolder();
  const { exitCode, stderr } = await cli(['plan', 'no.json'], { cwd });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/^Error: [^\n]*no\.json[^\n]*\n$/),
  });
  const debugged = await cli(['plan', 'no.json', '--debug'], { cwd });
  expect(debugged.stderr).toMatch(/\n {4}at /);
});

test('event-stream-template prints the settings of the event stream, or the body alone', async () => {
  const { stdout } = await cli(['event-stream-template'], { cwd: '/' });
  expect(stdout).toContain('Method\n  POST\n\nHeaders\n  Authorization: Bearer YOUR_SECRET\n');
  expect(stdout).toContain(eventStreamTemplate.body);
  expect((await cli(['event-stream-template', '--body'], { cwd: '/' })).stdout).toBe(`${eventStreamTemplate.body}\n`);
});
