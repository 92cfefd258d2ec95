import { isRecord } from '../record.js';

/** A value as a string, without white space around it; `undefined` if it is blank, an object or a boolean. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  const text = typeof value === 'bigint' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** What template engines write for a value that is absent. */
const absent = ['null', 'nil', 'undefined'];

/** An id as a string. */
export function idOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || absent.includes(text) ? undefined : text;
}

const language = /^[a-z]{2,3}(?:-[a-z]{2,8})?$/i;

/**
 * The text of a message, which may be localized: `{ en: 'Hello' }`, or `{'en':'Hello'}` in a string, as Liquid writes
 * an object, or `{"en"=>"Hello"}`, as Ruby does. English wins, else the first language.
 */
export function localizedText(value: unknown): string | undefined {
  const translations = isRecord(value) ? Object.entries(value) : translationsIn(decoded(textOf(value)));
  if (translations === undefined) return textOf(value);
  const english = translations.find(([name]) => name === 'en')?.[1];
  return textOf(english) ?? translations.map(([, text]) => textOf(text)).find((text) => text !== undefined);
}

function translationsIn(text = ''): [string, string][] | undefined {
  const [, , inside = ''] = /^\{\s*(['"])(.*)\1\s*\}$/s.exec(text) ?? [];
  const translations = inside
    .split(/['"]\s*,\s*['"](?=[a-z]{2,3}(?:-[a-z]{2,8})?['"]\s*(?::|=>))/i)
    .map((part): [string, string] => {
      const [, name = '', translation = ''] = /^([\w-]{2,12})['"]\s*(?::|=>)\s*['"](.*)$/s.exec(part) ?? [];
      return [name, translation];
    });
  // Anything else is a title with braces.
  return translations.every(([name]) => language.test(name)) ? translations : undefined;
}

/** The template of this library writes `"` like this, because a bare one would end the string that it is in. */
export function decoded(text: string | undefined): string | undefined {
  return text?.replaceAll('&quot;', '"');
}
