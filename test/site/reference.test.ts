import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCodes } from '../../docs/.site/codes.js';
import { pages } from '../../docs/.site/places.js';
import { membersOf } from '../messages-in-source.js';
import { builtPage, linksOf } from './built-site.js';

const families: Record<string, readonly string[]> = {
  SkipReason: ['skip'],
  DropReason: ['drop'],
  ConfigurationErrorCode: ['configuration'],
  EventErrorCode: ['event'],
  DeliveryErrorCode: ['delivery', 'warning'],
  SignatureErrorCode: ['signature'],
};

test.each(Object.keys(families))('the page of %s links each of its codes to its meaning', (union) => {
  const anchors = readCodes().filter(({ family }) => families[union]?.includes(family));
  expect([...new Set(anchors.map(({ code }) => code))].sort()).toEqual(membersOf(union).sort());
  const links = linksOf(builtPage(`reference/outcomes/${union}.html`));
  expect(links).toEqual(expect.arrayContaining(anchors.map(({ anchor }) => `/errors.html#${anchor}`)));
});

test('the pages of APIs that return a reason or a code link to the list', () => {
  const outcome = linksOf(builtPage('reference/outcomes/Outcome.html'));
  expect(outcome).toContain('/reference/outcomes/SkipReason.html');
  expect(linksOf(builtPage('reference/outcomes/DeliveryError.html'))).toContain(
    '/reference/outcomes/DeliveryErrorCode.html',
  );
  expect(linksOf(builtPage('reference/mapping/MappingOptions.html'))).toContain('/errors.html#drop-tag_limit');
  expect(linksOf(builtPage('mapping.html'))).toContain('/errors.html#skip-no_user_id');
});

/** The options on the pages named `…Options`, each with its name, type and text. */
const options = readdirSync(`${pages}/reference`, { recursive: true, encoding: 'utf8' })
  .filter((file) => /Options\.md$/.test(file))
  .flatMap((file) =>
    [
      ...readFileSync(`${pages}/reference/${file}`, 'utf8').matchAll(
        /^### (\w+)\?\n\n```ts\n([\s\S]*?)```\n([\s\S]*?)(?=^#{1,3} |$(?![\s\S]))/gm,
      ),
    ].map(([, name = '', type = '', text = '']) => ({
      option: `${file.replace('.md', '')}.${name}`,
      name,
      type,
      text,
    })),
  );

test('every option that can be omitted states its default', () => {
  expect(options.length).toBeGreaterThan(80);
  expect(options.filter(({ text }) => !text.includes('**Default**: ')).map(({ option }) => option)).toEqual([]);
});

test('every option says what it does', () => {
  const bare = options.filter(({ text }) => text.replace(/\*\*Default\*\*: .*/, '').trim().length < 15);
  expect(bare.map(({ option }) => option)).toEqual([]);
});

test('every number has a unit, in its name or in its text', () => {
  const counted =
    /\b(?:number of|millisecond|bytes|events|times|how often|share of|probability|seed|levels|tags|requests)\b/i;
  const bare = options
    .filter(({ type }) => /\?: number/.test(type))
    .filter(({ name, text }) => !/(?:Ms|Bytes)$/.test(name) && !counted.test(text));
  expect(bare.map(({ option }) => option)).toEqual([]);
});
