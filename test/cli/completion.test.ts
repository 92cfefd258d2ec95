import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../code-blocks.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';

async function complete(...words: string[]): Promise<string[]> {
  const { stdout } = await cli(['complete', '--', ...words], { cwd: '/' });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : (line.split('\t')[0] ?? [])));
}

test('completes commands, flags, choices and samples', async () => {
  expect(await complete('tr')).toEqual(['trigger']);
  expect(await complete('')).toEqual(expect.arrayContaining(['plan', 'test', 'check', 'completion']));
  expect(await complete('')).not.toContain('complete');
  expect(await complete('check', '--ap')).toEqual(['--app-id', '--api-key-file']);
  expect(await complete('trigger', 'identify', '--missing-user', '')).toEqual(['skip', 'create', 'retry']);
  expect(await complete('trigger', 'audience-e')).toEqual(['audience-entered', 'audience-exited']);
  expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
});

test('leaves files to the shell', async () => {
  expect(await complete('plan', '')).toEqual([]);
  expect(await complete('plan', '--mapping', '')).toEqual([]);
});

test.each(['bash', 'zsh', 'fish'])('prints the script for %s', async (shell) => {
  const { exitCode, stdout } = await cli(['completion', shell], { cwd: '/' });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('segment-onesignal complete --');
});

test('an unknown shell is refused', async () => {
  const { exitCode, stderr } = await cli(['completion', 'tcsh'], { cwd: '/' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
});

test('the script for bash completes in bash', async () => {
  const script = (await cli(['completion', 'bash'], { cwd: '/' })).stdout;
  const main = join(root, 'dist', 'cli', 'main.js');
  expect(existsSync(main)).toBe(true);
  const folder = createFolder({ script });
  const lines = [
    `segment-onesignal() { "${process.execPath}" "${main}" "$@"; }`,
    `source "${folder}/script"`,
    'COMP_WORDS=(segment-onesignal trigger audience-ex)',
    'COMP_CWORD=2',
    '_segment_onesignal',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ];
  expect(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' })).toBe('audience-exited\n');
});
