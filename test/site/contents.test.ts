import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guides } from '../../docs/.site/navigation.js';
import { root } from '../../docs/.site/places.js';
import { groups } from '../../docs/.site/reference/groups.js';
import { builtPage, builtPages, linksOf } from './built-site.js';

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const textOf = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');

test('every page shows the version', () => {
  const without = [...builtPages].filter(([page, html]) => page !== '404.html' && !html.includes(`v${version}`));
  expect(without.map(([page]) => page)).toEqual([]);
});

test('the front page says what it is, shows a program with its output, three reasons and where to go next', () => {
  const html = builtPage('index.html');
  const text = textOf(html);
  expect(text).toContain('A TypeScript library that turns Segment events into OneSignal REST calls');
  expect(text).toContain('const outcomes = await destination.deliver([');
  expect(text).toContain('skipped: user_not_found []');
  expect(html.match(/<h2[^>]* class="title"/g)).toHaveLength(3);
  expect(linksOf(html)).toEqual(
    expect.arrayContaining([
      '/testing.html',
      '/hosts.html#express',
      '/errors.html#skip-reasons',
      '/reference/mapping/MappingOptions.html#taglimit',
      '/reference/mapping/MappingOptions.html#nested',
    ]),
  );
});

test('every page links to every guide and to every group of the reference', () => {
  const targets = [
    ...guides.map(({ page }) => `/${page}.html`),
    ...groups.map(({ folder }) => `/reference/${folder}/`),
  ];
  const lost = [...builtPages]
    .filter(([page]) => !['404.html', 'index.html', 'playground.html'].includes(page))
    .flatMap(([page, html]) => {
      const links = new Set(linksOf(html));
      return targets.filter((target) => !links.has(target)).map((target) => `${page}: ${target}`);
    });
  expect(lost).toEqual([]);
});

const drawings = readdirSync(`${root}docs/drawings`);

test.each(drawings)('%s has a title and a description, follows light and dark, and is on a page', (file) => {
  const svg = readFileSync(`${root}docs/drawings/${file}`, 'utf8');
  expect(svg).toMatch(/role="img" aria-labelledby="[\w-]+-title [\w-]+-desc"/);
  expect(svg).toMatch(/<title id="[\w-]+-title">.+<\/title>\s*<desc id="[\w-]+-desc">.+<\/desc>/);
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
  expect(svg).not.toMatch(/(?:fill|stroke)="#/);
  const id = /<title id="([\w-]+)"/.exec(svg)?.[1] ?? '';
  expect([...builtPages.values()].filter((html) => html.includes(`id="${id}"`)).length).toBeGreaterThan(0);
});

test('all drawings have the same style', () => {
  const styles = drawings.map(
    (file) => /<style>[\s\S]*<\/style>/.exec(readFileSync(`${root}docs/drawings/${file}`, 'utf8'))?.[0],
  );
  expect(new Set(styles).size).toBe(1);
});
