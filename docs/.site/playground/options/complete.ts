import { type JsonPosition, positionIn } from '../model/json-position.js';
import type { OptionDoc } from './option-doc.js';

/** Something to insert. */
export interface Suggestion {
  /** Its name in the list, without quotes: `nested`, `flatten`, `true`. */
  readonly label: string;
  /** The JSON of it, which replaces the word: `"nested"`. */
  readonly text: string;
  readonly option: OptionDoc;
}

export interface Suggestions {
  /** Whether names or values can stand there. */
  readonly part: 'name' | 'value';
  /** Where the word to replace begins, with its quote. */
  readonly from: number;
  readonly suggestions: readonly Suggestion[];
}

/** What can stand at a position in mapping options. */
export function suggestAt(text: string, position: number, options: readonly OptionDoc[]): Suggestions | undefined {
  const at = positionIn(text, position);
  if (at === undefined) return undefined;
  const all = at.part === 'name' ? namesAt(at, options) : valuesAt(at, options);
  const isQuoted = text[at.from] === '"';
  const suggestions = isQuoted ? all.filter((one) => one.text.startsWith('"')) : all;
  return suggestions.length === 0 ? undefined : { part: at.part, from: at.from, suggestions };
}

function namesAt({ path, names, isInArray }: JsonPosition, options: readonly OptionDoc[]): Suggestion[] {
  if (isInArray) return [];
  return insideOf(path, options)
    .filter(({ name, isFunction }) => !isFunction && !names.includes(name))
    .map((option) => ({ label: option.name, text: `"${option.name}"`, option }));
}

function valuesAt({ path, isInArray }: JsonPosition, options: readonly OptionDoc[]): Suggestion[] {
  const option = insideOf(path.slice(0, -1), options).find(({ name }) => name === path.at(-1));
  if (option === undefined) return [];
  const values = isInArray ? option.elements : [...option.values, ...bracketsOf(option)];
  return values.map((text) => ({ label: text.replace(/^"(.*)"$/, '$1'), text, option }));
}

/** The beginning of an object or an array, if the option can be one. */
function bracketsOf({ type, options }: OptionDoc): readonly string[] {
  const isObject = options.length > 0 || type.startsWith('Readonly<Record<');
  return [...(isObject ? ['{}'] : []), ...(type.includes('[]') ? ['[]'] : [])];
}

function insideOf(path: readonly string[], options: readonly OptionDoc[]): readonly OptionDoc[] {
  return path.reduce((inside, part) => inside.find(({ name }) => name === part)?.options ?? [], options);
}
