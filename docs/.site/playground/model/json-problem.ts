import { jsonLanguage } from '@codemirror/lang-json';

/** A mistake, with the part of the text to underline. */
export interface Problem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export type JsonResult = { readonly value: unknown } | { readonly problem: Problem };

/** Longer texts make the page freeze. Segment accepts 32 kB per event and 500 kB per batch. */
export const maxTextLength = 500_000;

/** Parses JSON. The message of a mistake is the same in every browser, and says what to do about the usual ones. */
export function parseJson(text: string): JsonResult {
  if (text.length > maxTextLength) {
    const message = `Shorten this to ${maxTextLength / 1_000} kB. Segment accepts 32 kB per event and 500 kB per batch.`;
    return { problem: { from: 0, to: 1, message } };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: problemOf(text) };
  }
}

function problemOf(text: string): Problem {
  if (text.trim() === '') return { from: 0, to: text.length, message: 'Enter JSON, such as { }.' };
  const at = firstErrorIn(text);
  const [found = ''] = /^[\w$]+|^\/[/*]|^\S/.exec(text.slice(at)) ?? [];
  const from = found === '' ? Math.max(text.trimEnd().length - 1, 0) : at;
  return { from, to: Math.max(from + found.length, from + 1), message: messageFor(text, at, found) };
}

function firstErrorIn(text: string): number {
  let first: number | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter({ type, from }) {
      if (type.isError) first ??= from;
    },
  });
  const at = first ?? text.length;
  return at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
}

function messageFor(text: string, at: number, found: string): string {
  const before = text.slice(0, at).trimEnd();
  const after = text.slice(at + found.length).trimStart();
  if (found === '') return 'The JSON ends too early: a bracket or a quote is not closed.';
  if (found === '//' || found === '/*') return 'JSON has no comments.';
  if (found === "'" || found === '`') return 'JSON strings need double quotes.';
  if (found === 'function' || after.startsWith('=>')) return 'JSON cannot hold functions.';
  if (before.endsWith(',') && /^[}\]]/.test(found)) return 'Remove the comma before the closing bracket.';
  if (before.endsWith(':') && /^[,}\]]/.test(found)) return 'A value is missing before this.';
  if (/^[A-Za-z_$]/.test(found) && (after.startsWith(':') || before.endsWith('{')))
    return `Names need double quotes in JSON: "${found}".`;
  if (found === '{' && before.endsWith('}') && isJson(before))
    return 'Put several events into an array: [ { … }, { … } ].';
  if (found === '"' && /["\dels\]}]$/.test(before)) return 'A comma is missing before this.';
  return `${JSON.stringify(found)} is not expected here.`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
