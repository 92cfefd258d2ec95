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

test('every program of the README that prints something prints the output shown below it', { timeout: 180_000 }, () => {
  const blocks = documentBlocks().filter(({ file }) => file === 'README.md');
  const programs = blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    // After the code: the closing fence, an empty line and the opening fence.
    const follows = next?.line === block.line + block.code.split('\n').length - 1 + 3;
    return isCode(block) && next?.language === 'text' && follows ? [{ ...block, output: next.code }] : [];
  });
  const printing = blocks.filter(({ code }) => code.includes('console.log')).map(({ line }) => line);
  expect(printing).toContain(blocks[0]?.line);
  expect(programs.map(({ line }) => line)).toEqual(printing);
  for (const { code, output } of programs) expect(printedBy(code)).toBe(output);
});

/** The output of a program that is saved as JavaScript, as the README tells the reader to do. */
function printedBy(code: string): string {
  const file = join(root, 'test', 'readme-program.tmp.mjs');
  writeFileSync(file, code);
  try {
    return execFileSync(process.execPath, ['--import', 'tsx', file], { cwd: root, encoding: 'utf8' });
  } finally {
    rmSync(file);
  }
}

test('the two commands of the README are scripts of the package', () => {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  const commands = documentBlocks()
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => [...code.matchAll(/npm (?:run (\w+)|(test))/g)].map((match) => match[1] ?? match[2]));
  expect(commands).toEqual(expect.arrayContaining(['demo', 'test']));
  for (const command of commands) expect(scripts).toHaveProperty([command ?? '']);
});
