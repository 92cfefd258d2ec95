import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commentBlocks, compile, documentBlocks, root } from './code-blocks.js';

const isCode = ({ language }: { language: string }) => language === 'ts';

test('every code block of README and docs compiles', { timeout: 180_000 }, () => {
  const blocks = documentBlocks().filter(isCode);
  expect(blocks.length).toBeGreaterThan(4);
  expect(compile(blocks)).toEqual([]);
});

test('every example in a doc comment compiles', { timeout: 180_000 }, () => {
  const blocks = commentBlocks().filter(isCode);
  expect(blocks.length).toBeGreaterThan(4);
  expect(compile(blocks)).toEqual([]);
});

test('the quick start of the README prints what the README shows', { timeout: 180_000 }, () => {
  const [quickStart, result] = documentBlocks();
  const file = join(root, 'test', 'quick-start.tmp.mts');
  writeFileSync(file, quickStart?.code ?? '');
  try {
    const output = execFileSync(process.execPath, ['--import', 'tsx', file], { cwd: root, encoding: 'utf8' });
    expect(output.trim()).toBe(result?.code.trim());
  } finally {
    rmSync(file);
  }
});

test('the two commands of the README are scripts of the package', () => {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  const commands = documentBlocks()
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => [...code.matchAll(/npm (?:run (\w+)|(test))/g)].map((match) => match[1] ?? match[2]));
  expect(commands).toEqual(expect.arrayContaining(['demo', 'test']));
  for (const command of commands) expect(scripts).toHaveProperty([command ?? '']);
});
