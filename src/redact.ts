import type { ErrorCause } from './errors.js';

const mark = '<redacted>';
const maxLength = 200;

/** Foreign text after this is cut. It is more than one line, because redaction shortens text. */
const shownLength = 1_000;
/**
 * The search goes further, so that it recognises all secrets that start in the shown part: there is room for 11
 * characters in any encoding, and for the longest email address.
 */
const searchedLength = shownLength + 400;

/** Searching for more texts would take too long, so the words are replaced as a whole. */
const maxTexts = 50_000;

/** Shorter ids are removed only where they stand alone. Shorter values stay: they are not personal enough. */
const minLength = 4;
/** A text of at least `minCutLength` characters is also found if only its first `headLength` characters are there. */
const minCutLength = 12;
const headLength = 8;
const minPhoneDigits = 7;

/** Values that say nothing about a person. Removing them would only garble OneSignal's words. */
const ordinary = new Set(
  `true false null none undefined unknown error invalid user users alias aliases email emails phone push mobile tags
  token subscription segment event events purchase name type value external_id onesignal_id`
    .toUpperCase()
    .split(/\s+/),
);

/** Texts that must not be readable in an error. */
export interface Secrets {
  /** Removed wherever they stand alone, however short and ordinary they are: user ids, aliases, tokens. */
  ids: Iterable<string>;
  /** Removed unless they are ordinary: shorter than four characters, numbers of up to three digits, common words. */
  values: Iterable<string>;
}

/** Makes foreign text safe for an error: removes secrets, email addresses, UUIDs and keys. */
export interface Redactor {
  /** Reduces foreign text to one short line. */
  redact(words: string): string;
  /** Copies the name, code and message of a thrown value. Also removes URLs, paths and quoted text. */
  plainCause(thrown: unknown): ErrorCause;
}

/**
 * Creates a redactor that removes secrets from any number of texts.
 *
 * It finds secrets in any case, percent-encoded, escaped as in JSON, and truncated to 8 characters or more if they have
 * at least 12. It finds phone numbers by their digits, whatever separates them.
 *
 * @internal
 */
export function createRedactor(secrets: Secrets): Redactor {
  let needles: Needles | 'too many' | undefined;
  const apply = (words: string, hide: (draft: Draft) => void): string => {
    if (words.trim() === '') return '';
    needles ??= needlesOf(secrets);
    if (needles === 'too many') return mark;
    const draft = new Draft(words.trimStart().slice(0, searchedLength));
    // Secrets go first: a quote or space inside one would mislead the patterns.
    for (const range of rangesOf(needles, draft.words)) draft.hide(range, mark);
    hide(draft);
    return draft.toLine();
  };
  const redact = (words: string): string => apply(words, hidePersonal);
  const redactMessage = (message: string): string =>
    apply(message, (draft) => {
      hideTechnical(draft);
      hidePersonal(draft);
    });
  return { redact, plainCause: (thrown) => plainCauseOf(thrown, { redact, redactMessage }) };
}

/**
 * Collects all strings and numbers in a value at any depth: a person's data, to be redacted. Stops when there are more
 * than a redactor looks for.
 *
 * @internal
 */
export function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const seen = new Set<unknown>();
  const rest = [value];
  while (rest.length > 0 && texts.size <= maxTexts) {
    const next = rest.pop();
    if (typeof next === 'string' || typeof next === 'number' || typeof next === 'bigint') texts.add(String(next));
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const key of keysOf(next)) rest.push(read(next, key));
  }
  return texts;
}

/** Secrets as they are compared, grouped by the rule for finding them. */
interface Needles {
  anywhere: TextIndex;
  /** Found only without a letter or digit next to them. */
  alone: TextIndex;
  /** The digits of phone numbers, found whatever stands between them. */
  digits: TextIndex;
}

function needlesOf({ ids, values }: Secrets): Needles | 'too many' {
  const needles: Needles = { anywhere: new TextIndex(), alone: new TextIndex(), digits: new TextIndex() };
  let count = 0;
  for (const [kind, secrets] of [['id', ids] as const, ['value', values] as const])
    for (const secret of secrets) {
      if (++count > maxTexts) return 'too many';
      const text = comparable(secret);
      const rule = ruleOf(text, kind);
      if (rule === 'never') continue;
      needles[rule].add(text);
      const digits = digitsOf(text);
      if (digits !== undefined) needles.digits.add(digits);
    }
  return needles;
}

/** A secret as it is compared: without case, with one space for all white space, no longer than the searched text. */
function comparable(secret: string): string {
  if (secret.length <= searchedLength && plainAscii.test(secret)) return secret.toUpperCase();
  let start = '';
  for (const [part] of secret.matchAll(betweenSpaces)) {
    start += start === '' ? part : ` ${part}`;
    if (start.length >= searchedLength) break;
  }
  return fold(start.slice(0, searchedLength));
}

function ruleOf(text: string, kind: 'id' | 'value'): 'anywhere' | 'alone' | 'never' {
  if (text === '') return 'never';
  // OneSignal's own words are ASCII.
  if (beyondAscii.test(text)) return 'anywhere';
  if (kind === 'id') return text.length < minLength ? 'alone' : 'anywhere';
  if (text.length < minLength || ordinary.has(text) || /^[-+]?(?:\d\.?){1,3}$/.test(text)) return 'never';
  // A short word may be part of another, as `port` is of `supported`.
  return /^[A-Z]{1,7}$/.test(text) ? 'alone' : 'anywhere';
}

const plainAscii = /^[!-~]*$/;
const beyondAscii = /[^\0-\x7f]/;
const betweenSpaces = /[^\p{Cc}\p{Z}]+/gu;
const space = /[\p{Cc}\p{Z}]/u;
const phone = /^[\d ().+/\-\u2010-\u2015]+$/;
const separators = /[ ().+/\-\u2010-\u2015]+/g;

/** The digits of a text that is written like a phone number. */
function digitsOf(text: string): string | undefined {
  if (!phone.test(text)) return undefined;
  const digits = text.replace(separators, '');
  return digits.length < minPhoneDigits ? undefined : digits;
}

/** Removes case. Lone surrogates become U+FFFD, as they do in UTF-8. */
function fold(text: string): string {
  // Lower case alone keeps "ς" apart from "σ" and "ß" from "SS"; upper case alone keeps "İ" apart from "i̇".
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .toLowerCase()
    .toUpperCase();
}

/** A part of the words: `to` is the position after its last character. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The words in another form, with the part of the words that each character comes from. */
interface View {
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

function originOf(origins: readonly Range[], from: number, to: number): Range {
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
function viewsOf(words: string): View[] {
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

function withoutSeparators(view: View): View {
  return rewrite(view, separators, () => '');
}

/** Where the secrets are in the words. */
function rangesOf({ anywhere, alone, digits }: Needles, words: string): Range[] {
  const views = viewsOf(words);
  return [
    ...views.flatMap((view) => search(view, anywhere, () => true)),
    ...views.flatMap((view) => search(view, alone, standsAlone)),
    ...views.map(withoutSeparators).flatMap((view) => search(view, digits, () => true)),
  ];
}

function search(
  { text, origins }: View,
  needles: TextIndex,
  counts: (text: string, from: number, to: number) => boolean,
): Range[] {
  const ranges: Range[] = [];
  for (let at = 0; at < text.length && !needles.isEmpty; at++)
    for (const length of needles.lengthsAt(text, at))
      if (counts(text, at, at + length)) ranges.push(originOf(origins, at, at + length));
  return ranges;
}

/** Texts to search for. The time of a search does not depend on how many there are. */
class TextIndex {
  readonly #short = new Set<string>();
  readonly #shortLengths = new Set<number>();
  /** Grouped by their first `headLength` characters. */
  readonly #long = new Map<string, string[]>();
  readonly #longSorted = new Map<string, readonly string[]>();

  get isEmpty(): boolean {
    return this.#short.size === 0 && this.#long.size === 0;
  }

  add(text: string): void {
    if (text.length < minCutLength) {
      this.#short.add(text);
      this.#shortLengths.add(text.length);
      return;
    }
    const head = text.slice(0, headLength);
    const sameHead = this.#long.get(head);
    if (sameHead === undefined) this.#long.set(head, [text]);
    else sameHead.push(text);
  }

  /** Lengths of the matches at a position: short texts as a whole, and the longest start of a long one. */
  lengthsAt(text: string, at: number): number[] {
    const lengths: number[] = [];
    for (const length of this.#shortLengths)
      if (at + length <= text.length && this.#short.has(text.slice(at, at + length))) lengths.push(length);
    const head = text.slice(at, at + headLength);
    if (this.#long.has(head)) lengths.push(longestStart(this.#sorted(head), text.slice(at)));
    return lengths;
  }

  #sorted(head: string): readonly string[] {
    const known = this.#longSorted.get(head);
    if (known !== undefined) return known;
    const sorted = [...new Set(this.#long.get(head))].sort();
    this.#longSorted.set(head, sorted);
    return sorted;
  }
}

/** Length of the longest start that the text shares with a sorted text: one of its two neighbours has it. */
function longestStart(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return Math.max(commonStart(sorted[low - 1] ?? '', text), commonStart(sorted[low] ?? '', text));
}

function commonStart(needle: string, text: string): number {
  let length = 0;
  while (length < needle.length && needle[length] === text[length]) length++;
  // The space after a truncated secret belongs to the sentence.
  return length < needle.length && needle[length - 1] === ' ' ? length - 1 : length;
}

function standsAlone(text: string, from: number, to: number): boolean {
  return (
    !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, from - 2), from)) && !/^[\p{L}\p{N}]/u.test(text.slice(to, to + 2))
  );
}

/** Stands for a hidden character. It is not a space, letter, digit or quote, and no pattern names it. */
const filler = '\uE000';

/** Words with hidden parts, each behind a label. */
class Draft {
  readonly words: string;
  readonly #labels: (string | undefined)[];

  constructor(words: string) {
    this.words = words;
    this.#labels = Array.from({ length: words.length }, () => undefined);
  }

  /** The words with fillers in place of hidden characters, so that positions stay the same. */
  get open(): string {
    return this.#labels.map((label, at) => (label === undefined ? this.words[at] : filler)).join('');
  }

  hide({ from, to }: Range, label: string): void {
    this.#labels.fill(label, from, to);
  }

  hideAll(pattern: RegExp, label: string, counts: (part: string) => boolean = () => true): void {
    for (const { 0: part, index } of this.open.matchAll(pattern))
      if (counts(part)) this.hide({ from: index, to: index + part.length }, label);
  }

  /** One short line, with labels in place of the hidden parts. */
  toLine(): string {
    const parts = this.#labels
      .slice(0, shownLength)
      .map((label, at) => (label === undefined ? this.words[at] : label === this.#labels[at - 1] ? '' : label));
    return parts
      .join('')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, maxLength);
  }
}

// All patterns take linear time: a match that fails does so within 40 characters, or cannot start again inside itself.
const withoutSpace = /[^\s"'<>]+/g;
const email = /[^@](?:@|%40)[^@]/i;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** `Key …` and `Basic …` as in a header, OneSignal's own keys, and anything as long as a key or a token. */
const keys = /\b(?:key|basic|bearer)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}|\bos_v2_\w+|\b[\w+/-]{40,}={0,2}/gi;

function hidePersonal(draft: Draft): void {
  draft.hideAll(withoutSpace, mark, (part) => email.test(part));
  draft.hideAll(uuids, mark);
  draft.hideAll(keys, mark);
}

const notJson = ' is not valid JSON';
/** Without a closing quote, up to the end: the words may have been cut. */
const quoted = /"([^"]*)"?/g;
const urls = /(?<![a-z0-9+.-])[a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const paths = /\/?\bapps\/[^\s"'<>]+/gi;

/** HTTP clients put URLs and paths into messages. `JSON.parse` quotes part of its input without escaping its quotes. */
function hideTechnical(draft: Draft): void {
  const { open } = draft;
  const end = open.lastIndexOf(notJson);
  const first = open.indexOf('"');
  const last = open.lastIndexOf('"', end);
  if (end >= 0 && first < last) draft.hide({ from: first + 1, to: last }, mark);
  for (const { 1: inside = '', index } of draft.open.matchAll(quoted))
    draft.hide({ from: index + 1, to: index + 1 + inside.length }, mark);
  draft.hideAll(urls, '<url>');
  draft.hideAll(paths, '<path>');
}

/** How the parts of an error are redacted. */
interface CauseRules {
  redact(words: string): string;
  redactMessage(message: string): string;
}

/** The code is often nested: `fetch` rejects with `TypeError: fetch failed`, whose cause has the `ECONNREFUSED`. */
function plainCauseOf(thrown: unknown, { redact, redactMessage }: CauseRules): ErrorCause {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: typeof thrown, message: 'A value that is not an error was thrown.' };
  const name = readName(thrown, 'name');
  const code = readCode(thrown);
  return {
    name: name === undefined ? 'Error' : redact(name),
    ...(code === undefined ? {} : { code: redact(code) }),
    message: redactMessage(readText(thrown, 'message') ?? ''),
  };
}

const maxCauses = 5;

function readCode(thrown: object): string | undefined {
  let error: unknown = thrown;
  for (let depth = 0; depth < maxCauses && typeof error === 'object' && error !== null; depth++) {
    const code = readName(error, 'code');
    if (code !== undefined) return code;
    error = read(error, 'cause');
  }
  return undefined;
}

/** The text if it has the form of a name or code. */
function readName(owner: object, key: string): string | undefined {
  const text = readText(owner, key);
  return text !== undefined && /^[\w.$-]{1,80}$/.test(text) ? text : undefined;
}

function readText(owner: object, key: string): string | undefined {
  const value = read(owner, key);
  return typeof value === 'string' ? value : undefined;
}

/** A getter of a foreign error may throw, and that must not break the outcome that reports the error. */
function read(owner: object, key: string): unknown {
  try {
    return Reflect.get(owner, key);
  } catch {
    return undefined;
  }
}

function keysOf(owner: object): string[] {
  try {
    return Object.keys(owner);
  } catch {
    return [];
  }
}
