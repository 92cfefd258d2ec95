import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
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

test('leaves file names to the shell', async () => {
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

const hasShell = (name: string): boolean => spawnSync(name, ['-c', 'exit 0']).status === 0;

/** A folder with files, and the built command line on the PATH. */
function shellFolder(): { cwd: string; env: NodeJS.ProcessEnv } {
  const main = join(root, 'dist', 'cli', 'main.js');
  expect(existsSync(main)).toBe(true);
  const cwd = createFolder({
    'bin/segment-onesignal': `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`,
    'sent.json': '',
  });
  chmodSync(join(cwd, 'bin/segment-onesignal'), 0o755);
  return { cwd, env: { ...process.env, HOME: cwd, PATH: `${join(cwd, 'bin')}:${process.env.PATH}` } };
}

test('completes for the first command among the words', async () => {
  expect(await complete('test', 'plan', '--up')).toEqual(['--update']);
});

test.each([
  ['se', ['send', 'serve']],
  ['trigger audience-ex', ['audience-exited']],
  ['send --che', ['--checkpoint']],
  // There are no candidates, so bash completes file names itself.
  ['send sen', ['']],
])('the script for bash completes in bash: %s', (line, expected) => {
  const words = line.split(' ');
  const lines = [
    'eval "$(segment-onesignal completion bash)"',
    `COMP_WORDS=(segment-onesignal ${line})`,
    `COMP_CWORD=${words.length}`,
    '_segment_onesignal',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ];
  const printed = execFileSync('bash', ['-c', lines.join('\n')], { ...shellFolder(), encoding: 'utf8' });
  expect(printed.trimEnd().split('\n')).toEqual(expected);
});

test.skipIf(!hasShell('fish')).each([
  ['se', ['send\tdeliver an archive of events', "serve\treceive Segment's webhooks on a port"]],
  ['trigger audience-ex', ['audience-exited\tEngage: a user leaves an audience (--key)']],
  ['send --che', ['--checkpoint\tfile that lets a stopped run continue']],
  ['send sen', ['sent.json']],
])('the script for fish completes in fish: %s', (line, expected) => {
  const command = `segment-onesignal completion fish | source; complete -C 'segment-onesignal ${line}'`;
  const printed = execFileSync('fish', ['-c', command], { ...shellFolder(), encoding: 'utf8' });
  expect(printed.trimEnd().split('\n')).toEqual(expected);
});

test.skipIf(!hasShell('zsh')).each([
  ['se', "serve  -- receive Segment's webhooks on a port"],
  ['trigger audience-ex', 'trigger audience-exited'],
  ['send --che', 'send --checkpoint'],
  ['send sen', 'send sent.json'],
])('the script for zsh completes in zsh, even before compinit: %s', (line, expected) => {
  const script = `zmodload zsh/zpty
zpty shell zsh -f
zpty -w shell 'PS1=; eval "$(segment-onesignal completion zsh)"; print LOA""DED'
zpty -r shell shown '*LOADED*' || exit 1
zpty -n -w shell "segment-onesignal ${line}"$'\t'
for round in {1..600}; do
  zpty -r -t shell part && shown+=$part
  [[ $shown == *"${expected}"* ]] && break
  sleep 0.05
done
print -r -- $shown
zpty -d shell`;
  const printed = execFileSync('zsh', ['-f', '-c', script], { ...shellFolder(), encoding: 'utf8' });
  expect(printed).toContain(expected);
});
