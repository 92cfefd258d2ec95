import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type MappingOptions, mapEvent, type SegmentEvent } from '../src/index.js';
import { root } from './code-blocks.js';
import { wordsOf } from './plan-words.js';

const text = readFileSync(join(root, 'docs', 'mapping.md'), 'utf8');

interface Example {
  rule: string;
  call: string;
  /** The comment lines after the call. */
  words: string[];
}

/** `// M2`, then calls of `mapEvent`, each with its result. */
function examplesIn(document: string): Example[] {
  const found: Example[] = [];
  let rule = '';
  for (const [part, name, call, comment] of document.matchAll(
    /^\/\/ ([MS]\d+[a-z]?)$|^(mapEvent\([\s\S]*?\));\n((?:\/\/ .*\n)*)/gm,
  )) {
    if (name !== undefined) rule = name;
    else if (call !== undefined)
      found.push({
        rule,
        call,
        words: (comment ?? part)
          .split('\n')
          .filter(Boolean)
          .map((line) => line.slice('// '.length)),
      });
  }
  return found;
}

const examples = examplesIn(text);

describe('docs/mapping.md', () => {
  test.each(examples)('$rule: $call', ({ call, words }) => {
    const mapped: string[][] = [];
    const map = (event: SegmentEvent, mapping?: MappingOptions) => mapped.push(wordsOf(mapEvent(event, mapping)));
    runInNewContext(call, { mapEvent: map });
    expect(words).toEqual(mapped[0]);
  });

  test('has an example for each of its rules, in their order', () => {
    const rules = [...text.matchAll(/^\| ([MS]\d+[a-z]?) \|/gm)].map((match) => match[1]);
    expect(rules.length).toBeGreaterThan(35);
    // S9 needs a clock: its example uses a destination, and its test is one of delivery.
    expect([...new Set(examples.map(({ rule }) => rule))]).toEqual(rules.filter((rule) => rule !== 'S9'));
  });

  test('names a source for each of its rules, and every source once', () => {
    const rows = text.split('\n').filter((line) => /^\| [MS]\d/.test(line));
    const cited = new Set(rows.flatMap((row) => (row.split('|').at(-2) ?? '').match(/\[[\w-]+\]/g) ?? ['none']));
    const given = [...text.matchAll(/^(\[[\w-]+\]): https:\/\//gm)].map((match) => match[1]);
    expect([...cited].sort()).toEqual([...new Set(given)].sort());
    expect(given.length).toBe(cited.size);
  });
});
