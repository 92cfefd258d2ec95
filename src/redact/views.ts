import { fold, space } from './comparable.js';
import { separators } from './phone-digits.js';
import type { Range } from './redaction.js';

/** The words in another form, with the part of the words that each character comes from. */
export interface View {
  readonly text: string;
  readonly origins: readonly Range[];
}

/** Rewrites the matches. Each new character comes from the whole match. */
function rewrite(view: View, pattern: RegExp, write: (part: string) => string): View {
  const { text, origins } = view;
  const parts: string[] = [];
  const partOrigins: Range[] = [];
  const keep = (from: number, to: number): void => {
    parts.push(text.slice(from, to));
    for (const origin of origins.slice(from, to)) partOrigins.push(origin);
  };
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return view;
  let kept = 0;
  for (const { 0: part, index } of matches) {
    keep(kept, index);
    kept = index + part.length;
    const written = write(part);
    parts.push(written);
    const origin = originOf(origins, index, kept);
    for (let i = 0; i < written.length; i++) partOrigins.push(origin);
  }
  keep(kept, text.length);
  return { text: parts.join(''), origins: partOrigins };
}

export function originOf(origins: readonly Range[], from: number, to: number): Range {
  return { from: origins[from]?.from ?? 0, to: origins[to - 1]?.to ?? 0 };
}

const jsonEscape = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt])/g;
/** One character. Segment Functions have no TextDecoder, so `decodeURIComponent` has to do. */
const percentEncoded =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;
const decoders: readonly ((view: View) => View)[] = [
  (view) => rewrite(view, jsonEscape, (part) => String(JSON.parse(`"${part}"`))),
  (view) => rewrite(view, percentEncoded, decodePercent),
];

function decodePercent(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not every such sequence is valid UTF-8.
    return part;
  }
}

/** JSON in JSON, or JSON in a URL. */
const maxEncodings = 2;

/** The words as they are, and decoded in every way. */
export function viewsOf(words: string): View[] {
  const views = new Map<string, View>();
  let found: View[] = [
    { text: words, origins: Array.from({ length: words.length }, (_, at) => ({ from: at, to: at + 1 })) },
  ];
  for (let encodings = 0; encodings <= maxEncodings; encodings++) {
    const fresh = found.filter(({ text }) => !views.has(text));
    for (const view of fresh) views.set(view.text, view);
    found = fresh.flatMap((view) => decoders.map((decode) => decode(view)));
  }
  return [...views.values()].map(folded);
}

function folded(view: View): View {
  const { text, origins } = rewrite(view, /[\p{Cc}\p{Z}]+|[^\0-\x7f]/gu, (part) =>
    space.test(part) ? ' ' : fold(part),
  );
  return { text: text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()), origins };
}

export function withoutSeparators(view: View): View {
  return rewrite(view, separators, () => '');
}
