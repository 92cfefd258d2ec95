import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, createDestination } from '../src/index.js';
import { root } from './code-blocks.js';
import { type Message, membersOf, messagesInSource, unknownTakers } from './messages-in-source.js';

/** A row of a table: the headings above it, its cells, and the codes or the status in its first cell. */
interface Row {
  headings: string[];
  cells: string[];
  codes: string[];
}

const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const rows = rowsOf(page);

function rowsOf(document: string): Row[] {
  let headings: string[] = [];
  const found: Row[] = [];
  for (const line of document.split('\n')) {
    const [, marks = '', title = ''] = /^(#+) (.*)/.exec(line) ?? [];
    if (marks !== '') headings = [...headings.slice(0, marks.length - 1), title.replaceAll('`', '')];
    if (!/^\| (?!---)/.test(line)) continue;
    const cells = line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim());
    const [first = ''] = cells;
    found.push({ headings, cells, codes: /^\d+$/.test(first) ? [first] : codeSpansIn(first) });
  }
  return found;
}

function codeSpansIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}

function rowsUnder(heading: string): Row[] {
  // The head of each table has no code.
  return rows.filter(({ headings, codes }) => headings.includes(heading) && codes.length > 0);
}

describe('the codes and reasons of docs/errors.md', () => {
  test.each([
    ['ConfigurationErrorCode', 'ConfigurationError'],
    ['EventErrorCode', 'EventError'],
    ['DeliveryErrorCode', 'DeliveryError'],
    ['SignatureErrorCode', 'SignatureError'],
    ['SegmentErrorCode', 'SegmentError'],
    ['FleetNoticeCode', 'Notices of a fleet worker'],
    ['SkipReason', 'Skip reasons'],
    ['DropReason', 'Drop reasons'],
  ])('every member of %s has a row, and no other code has one', (union, heading) => {
    const own = rowsUnder(heading).filter(({ headings }) => !headings.at(-1)?.startsWith('Values '));
    const listed = own.flatMap(({ codes }) => codes);
    expect([...new Set(listed)].sort()).toEqual(membersOf(union).sort());
    if (!union.endsWith('Code')) expect(listed).toHaveLength(membersOf(union).length);
  });
});

describe('the messages of docs/errors.md', () => {
  test('every message in the source is on the page, with its code', () => {
    expect(messagesInSource.length).toBeGreaterThan(100);
    const lacking = messagesInSource.filter((message) => !isOnPage(message));
    expect(lacking.map(({ file, code = 'any code', text }) => `${file}: ${code}: ${text}`)).toEqual([]);
  });

  test('every message on the page is in the source, with its code', () => {
    const outdated = rows.flatMap(({ headings, cells: [, message = ''], codes }) =>
      /reasons$|^Values /.test(headings.at(-1) ?? '')
        ? []
        : codeSpansIn(message).filter((text) => message.startsWith('`') && !isInSource(text, codes)),
    );
    expect(outdated).toEqual([]);
  });

  test('every function that passes on a message is known', () => {
    expect(unknownTakers).toEqual([]);
  });

  test('every option of a destination is listed with the values that it accepts', () => {
    const listed = rowsUnder('Values of options').flatMap(({ cells: [must = '', options = ''] }) =>
      codeSpansIn(options).map((option) => `"${option}" must be ${codeSpansIn(must).join()}.`),
    );
    const options = ['mapping', 'delivery', 'hooks'].flatMap((name) => optionsUnder([name]));
    expect(options.length).toBeGreaterThan(40);
    expect(options.map((path) => messageFor(path, Symbol('wrong'))).filter((one) => !listed.includes(one))).toEqual([]);
    const names = options.map((path) => path.join('.'));
    const unknown = listed.filter((one) => !names.some((name) => one.startsWith(`"${name}`)));
    expect(unknown).toEqual([]);
  });
});

function isOnPage({ text, code }: Message): boolean {
  const pattern = patternOf(text);
  if (code === undefined) return page.split('\n').some((line) => pattern.test(line));
  return rows.some(({ codes, cells: [, message = ''] }) => codes.includes(code) && pattern.test(message));
}

/** `…` stands for anything within a line. */
function patternOf(text: string): RegExp {
  return new RegExp(
    text
      .split('…')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
      .join('.+'),
  );
}

/** Compared sentence by sentence, because the source assembles some messages from several strings. */
function isInSource(message: string, codes: readonly string[]): boolean {
  const candidates = messagesInSource.filter(({ code }) => code === undefined || codes.includes(code));
  const sentences = message.split(/…|\. |: /).map((sentence) => sentence.trim());
  return sentences.every((sentence) => candidates.some(({ text }) => text.includes(sentence)));
}

/** An option and, if it is an object of options, the options in it. */
function optionsUnder(path: string[]): string[][] {
  const [start, names = ''] = messageFor([...path, '?'], 0).split(/ Known options: |\.$/);
  const isObject = start === `Unknown option "${path.join('.')}.?".`;
  return [path, ...(isObject ? names.split(', ').flatMap((name) => optionsUnder([...path, name])) : [])];
}

/** The message of `createDestination` about a value. */
function messageFor(path: readonly string[], value: unknown): string {
  const options = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  try {
    const access = { appId: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10', apiKey: 'os_v2_app_key' };
    createDestination(Object.assign(access, options));
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown.message;
  }
  return 'accepted';
}
