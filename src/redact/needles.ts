import { comparable } from './comparable.js';
import { maxTexts } from './limits.js';
import { digitsOf } from './phone-digits.js';
import { TextIndex } from './text-index.js';

/** Shorter ids are removed only where they stand alone. Shorter values stay: they are not personal enough. */
const minLength = 4;

/** Values that say nothing about a person. Removing them would only garble OneSignal's words. */
const ordinary = /* @__PURE__ */ new Set(
  /* @__PURE__ */ (
    'TRUE FALSE NULL NONE UNDEFINED UNKNOWN ERROR INVALID USER USERS ALIAS ALIASES EMAIL EMAILS PHONE PUSH MOBILE TAGS ' +
    'TOKEN SUBSCRIPTION SEGMENT EVENT EVENTS PURCHASE NAME TYPE VALUE EXTERNAL_ID ONESIGNAL_ID'
  ).split(' '),
);

const beyondAscii = /[^\0-\x7f]/;

/** Texts that must not be readable in an error. */
export interface Secrets {
  /** Removed wherever they stand alone, however short and ordinary they are: user ids, aliases, tokens. */
  ids: Iterable<string>;
  /** Removed unless they are ordinary: shorter than four characters, numbers of up to three digits, common words. */
  values: Iterable<string>;
}

/** Secrets as they are compared, grouped by the rule for finding them. */
export interface Needles {
  anywhere: TextIndex;
  /** Found only without a letter or digit next to them. */
  alone: TextIndex;
  /** The digits of phone numbers, found whatever stands between them. */
  digits: TextIndex;
}

export function needlesOf({ ids, values }: Secrets): Needles | 'too many' {
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

function ruleOf(text: string, kind: 'id' | 'value'): 'anywhere' | 'alone' | 'never' {
  if (text === '') return 'never';
  // OneSignal's own words are ASCII.
  if (beyondAscii.test(text)) return 'anywhere';
  if (kind === 'id') return text.length < minLength ? 'alone' : 'anywhere';
  if (text.length < minLength || ordinary.has(text) || /^[-+]?(?:\d\.?){1,3}$/.test(text)) return 'never';
  // A short word may be part of another, as `port` is of `supported`.
  return /^[A-Z]{1,7}$/.test(text) ? 'alone' : 'anywhere';
}
