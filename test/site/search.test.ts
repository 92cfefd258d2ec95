import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import MiniSearch from 'minisearch';
import { expect, test } from 'vitest';
import { readCodes } from '../../docs/.site/codes.js';
import { output } from '../../docs/.site/places.js';
import { searchOptions, tokenize } from '../../docs/.site/search.js';
import { builtPages, filesOf } from './built-site.js';

const [file = ''] = filesOf('.js').filter((name) => name.includes('@localSearchIndex'));
const { default: json }: { default: string } = await import(pathToFileURL(join(output, file)).href);
const index = MiniSearch.loadJSON(json, {
  fields: ['title', 'titles', 'text'],
  storeFields: ['title', 'titles'],
  searchOptions,
  tokenize,
});
const resultsFor = (query: string): string[] => index.search(query).map(({ id }) => String(id));

test.each([
  ['user_not_found', '/errors.html#skip-user_not_found'],
  ['express', '/hosts.html#express'],
  ['tagLimit', '/reference/mapping/MappingOptions.html#taglimit'],
  ['tag limit', '/operations.html#d8-the-tag-limit'],
  ['flatten', '/reference/mapping/FlattenOptions.html'],
  ['flatten', '/reference/mapping/MappingOptions.html#nested'],
  ['createWebhookHandler', '/reference/webhook/createWebhookHandler.html'],
  ['golden files', '/testing.html#3-golden-files'],
  ['how to unit-test a mapping', '/testing.html#nodetest'],
  ['test my mapping', '/testing.html'],
  ['event stream', '/data-out.html#set-up-the-event-stream'],
  ['worker', '/cli.html#worker-deliver-from-redis'],
  ['unknown user', '/operations.html#d4-unknown-users'],
])('searching for %s finds %s among the first results', (query, page) => {
  expect(resultsFor(query).slice(0, 6)).toContain(page);
});

test('an option of a destination ranks above the options of the sandbox and of simulations', () => {
  expect(resultsFor('tagLimit')[0]).toBe('/reference/mapping/MappingOptions.html#taglimit');
});

test('searching for a code finds its row on the errors page first', () => {
  const codes = readCodes();
  expect(codes.length).toBeGreaterThan(50);
  const lost = codes.filter(({ code, anchor }) => {
    const first = codes.filter((other) => other.code === code).length + 2;
    return !resultsFor(code).slice(0, first).includes(`/errors.html#${anchor}`);
  });
  expect(lost.map(({ anchor }) => anchor)).toEqual([]);
});

test('searching for the name of an export finds its page', () => {
  const pages = [...builtPages.keys()].filter((page) => /^reference\/\w+\/(?!index)\w+/.test(page));
  expect(pages.length).toBeGreaterThan(150);
  const lost = pages.filter((page) => {
    const name =
      page
        .split('/')
        .at(-1)
        ?.replace(/(-\d)?\.html$/, '') ?? '';
    return !resultsFor(name).slice(0, 8).includes(`/${page}`);
  });
  expect(lost).toEqual([]);
});
