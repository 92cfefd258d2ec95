import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { root } from './code-blocks.js';

const pages = ['mapping.md', 'operations.md', 'hosts.md', 'errors.md'].map((page) => ({
  page,
  text: readFileSync(join(root, 'docs', page), 'utf8'),
}));
const ruleNumber = /\b[MSDW]\d+[a-z]?\b/g;
/** A table row, a heading or a bold label that begins with the number; a list item adds details to a rule. */
const definition = /^(?:\| *|#+ |\*\*)([MSDW]\d+[a-z]?)\b/gm;

const defined = pages.flatMap(({ text }) => [...text.matchAll(definition)].map((match) => match[1] ?? ''));
const comments = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => commentsIn(file).map((comment) => ({ file, comment })));

/** By the compiler's own scanner: `//` in a string or a template is not a comment. */
function commentsIn(file: string): string[] {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<number, string>();
  const collect = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, text.slice(pos, end));
    for (const child of node.getChildren(source)) collect(child);
  };
  collect(source);
  return [...found.values()];
}

test('the docs define each rule once, without gaps', () => {
  expect(defined.length).toBeGreaterThan(55);
  expect(defined.filter((rule, index) => defined.indexOf(rule) !== index)).toEqual([]);
  for (const letter of 'MSDW') {
    const numbers = defined.filter((rule) => rule.startsWith(letter)).map((rule) => Number.parseInt(rule.slice(1), 10));
    const last = Math.max(...numbers);
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  }
});

test('every rule that a comment cites is defined in the docs', () => {
  const cited = comments.flatMap(({ file, comment }) =>
    [...comment.matchAll(ruleNumber)].map(([rule]) => ({ file, rule })),
  );
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter(({ rule }) => !defined.includes(rule))).toEqual([]);
});

test('every rule that a page cites is defined in the docs', () => {
  const cited = pages.flatMap(({ page, text }) => [...text.matchAll(ruleNumber)].map(([rule]) => ({ page, rule })));
  expect(cited.filter(({ rule }) => !defined.includes(rule))).toEqual([]);
});

test('comments cite the docs, not a spec', () => {
  // Segment's own Spec may be linked, and 'spec' is a value of the option `names`.
  const rest = comments.map(({ file, comment }) => ({ file, comment: comment.replace(/https?:\S+|`'spec'`/g, '') }));
  expect(rest.filter(({ comment }) => /\bspec\b/.test(comment))).toEqual([]);
});
