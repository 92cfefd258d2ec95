import { readFileSync } from 'node:fs';
import { ConfigurationError, defineMapping } from 'segment-onesignal';
import { expect, test } from 'vitest';
import { checkMapping } from '../../../docs/.site/playground/model/check-mapping.js';
import { maxTextLength, parseJson } from '../../../docs/.site/playground/model/json-problem.js';
import { suggestAt } from '../../../docs/.site/playground/options/complete.js';
import type { OptionDoc } from '../../../docs/.site/playground/options/option-doc.js';
import { optionsFile } from '../../../docs/.site/reference/write.js';

const options: OptionDoc[] = JSON.parse(readFileSync(optionsFile, 'utf8'));

/** The underlined text and the message. */
function problemIn(text: string): string {
  const result = checkMapping(text);
  return 'problem' in result
    ? `${text.slice(result.problem.from, result.problem.to)} | ${result.problem.message}`
    : 'none';
}

test.each([
  ['{ "maping": 1 }', '"maping" | Unknown option "maping". Known options: '],
  ['{ "prefx": "a" }', '"prefx" | Unknown option "prefx". Did you mean "prefix"?'],
  ['{ "nested": { "maxDept": 1 } }', '"maxDept" | Unknown option "nested.maxDept". Did you mean "maxDepth"?'],
  ['{ "nested": { "maxDepth": 0 } }', '0 | "nested.maxDepth" must be an integer ≥ 1.'],
  ['{ "include": ["a", true] }', 'true | "include.1" must be a string.'],
  ['{ "rename": { "a.b": 1, "a": "x" } }', '1 | "rename.a.b" must be a string.'],
  ['{ "alias": {} }', '"alias" | "alias.label" must be a non-empty string.'],
  ['{ "tag": "x" }', '"x" | "tag" must be a function.'],
  ['{ "__proto__": 1 }', '"__proto__" | Unknown option "__proto__".'],
  ['[]', '[] | "options" must be an object.'],
  ['null', 'null | "options" must be an object.'],
  ['{ "eventName": "prefix", "customEvents": { "tags": "replace" } }', '"prefix" | "eventName" cannot be combined'],
])('the mistake in %s is underlined', (text, problem) => {
  expect(problemIn(text).slice(0, problem.length)).toBe(problem);
});

test.each([
  ['', ' | Enter JSON, such as { }.'],
  ['{ "a": 1, }', '} | Remove the comma before the closing bracket.'],
  ['{ prefix: "a" }', 'prefix | Names need double quotes in JSON: "prefix".'],
  ['{ "prefix": \'a\' }', "' | JSON strings need double quotes."],
  ['{ "a": 1 "b": 2 }', '" | A comma is missing before this.'],
  ['{ "a": 1', '1 | The JSON ends too early: a bracket or a quote is not closed.'],
  ['{ "a": }', '} | A value is missing before this.'],
  ['{ pre', 'pre | Names need double quotes in JSON: "pre".'],
  ['{ // why\n }', '// | JSON has no comments.'],
  ['{ "tag": function () {} }', 'function | JSON cannot hold functions.'],
  ['{ "a": 1 }\n{ "a": 2 }', '{ | Put several events into an array: [ { … }, { … } ].'],
  ['{ "tag": (key) => ({}) }', '( | "(" is not expected here.'],
])('broken JSON says what to do: %s', (text, problem) => {
  const result = parseJson(text);
  if (!('problem' in result)) throw new Error('The text is JSON.');
  expect(`${text.slice(result.problem.from, result.problem.to)} | ${result.problem.message}`).toBe(problem);
});

test('a text that would freeze the page is refused without being parsed', () => {
  const text = JSON.stringify('a'.repeat(maxTextLength));
  expect(parseJson(text)).toMatchObject({ problem: { message: expect.stringContaining('Shorten this to 500 kB.') } });
  expect(parseJson(text.slice(2))).toHaveProperty('problem');
  expect(parseJson(`"${'a'.repeat(maxTextLength - 2)}"`)).toHaveProperty('value');
});

test('the options are the ones that defineMapping knows, each with its doc comment and its default', () => {
  let known = '';
  try {
    defineMapping(JSON.parse('{ "zzzzzzzz": 1 }'));
  } catch (thrown) {
    known = thrown instanceof ConfigurationError ? thrown.message : '';
  }
  const names = known.replace(/^.*Known options: (.*)\.$/, '$1').split(', ');
  expect(options.map(({ name }) => name).sort()).toEqual(names.sort());
  expect(options.filter(({ text, defaultValue }) => text.length < 20 || !defaultValue)).toEqual([]);
  expect(options.find(({ name }) => name === 'nested')).toMatchObject({
    type: '"drop" | "flatten" | FlattenOptions',
    values: ['"drop"', '"flatten"'],
    defaultValue: "'drop'",
    options: [{ name: 'maxDepth' }, { name: 'maxTags' }],
  });
});

/** The suggestions at `|`. */
function suggestionsAt(marked: string): string[] {
  const found = suggestAt(marked.replace('|', ''), marked.indexOf('|'), options);
  return found?.suggestions.map(({ label }) => label) ?? [];
}

test.each([
  ['{ | }', ['include', 'nested', 'subscriptions']],
  ['{ "n|', ['nested', 'eventName']],
  ['{ "prefix": "a", "|" }', ['nested']],
  ['{ "nested": | }', ['drop', 'flatten', '{}']],
  ['{ "nested": "|', ['drop', 'flatten']],
  ['{ "nested": { | } }', ['maxDepth', 'maxTags']],
  ['{ "subscriptions": { "email": | } }', ['true', 'false']],
  ['{ "profile": ["|"] }', ['language', 'timezone_id']],
  ['{ "include": | }', ['[]']],
])('%s suggests what can go there', (marked, labels) => {
  expect(suggestionsAt(marked)).toEqual(expect.arrayContaining(labels));
});

test.each([
  '|',
  '{ "prefix": "|" }',
  '{ "prefix": "a"| }',
  '{ "rename": { "|": "x" } }',
  '{ "nothing": { | } }',
  '{} |',
])('%s suggests nothing', (marked) => {
  expect(suggestionsAt(marked)).toEqual([]);
});

test('functions and options that are already there are not suggested', () => {
  const labels = suggestionsAt('{ "prefix": "a", "exclude": [], | }');
  expect(labels.filter((label) => ['tag', 'segmentName', 'prefix', 'exclude'].includes(label))).toEqual([]);
});

test('defineMapping accepts every fixed value that is suggested', () => {
  for (const { name, values } of options)
    for (const value of values) expect(checkMapping(`{ "${name}": ${value} }`)).toHaveProperty('mapping');
});
