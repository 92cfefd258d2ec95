import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { output } from '../../docs/.site/places.js';
import { anchorsOf, builtPages, filesOf, linksOf } from './built-site.js';

const anchors = new Map([...builtPages].map(([path, html]) => [path, anchorsOf(html)]));
const isElsewhere = (url: string): boolean => /^(?:[a-z]+:)?\/\//i.test(url) || /^mailto:/.test(url);

/** The file that a link on a page leads to. */
function fileOf(path: string, page: string): string {
  if (path === '') return page;
  const file = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path);
  const indexed = file === '' || file.endsWith('/') ? `${file}index.html` : file;
  return existsSync(`${output}/${indexed}`) ? indexed : `${indexed}.html`;
}

test('every link leads to a page that exists, and every anchor to a place on it', () => {
  expect(builtPages.size).toBeGreaterThan(200);
  const broken = [...builtPages].flatMap(([page, html]) =>
    linksOf(html)
      .filter((href) => !isElsewhere(href))
      .filter((href) => {
        const [path = '', anchor = ''] = href.split('#');
        const file = fileOf(decodeURIComponent(path), page);
        if (!existsSync(`${output}/${file}`)) return true;
        return anchor !== '' && !anchors.get(file)?.has(decodeURIComponent(anchor));
      })
      .map((href) => `${page}: ${href}`),
  );
  expect(broken).toEqual([]);
});

test('each rule number in a guide links to its rule', () => {
  const guides = ['mapping.html', 'operations.html', 'hosts.html', 'errors.html'];
  const links = new Set(guides.flatMap((page) => linksOf(builtPages.get(page) ?? '')));
  expect([...links]).toEqual(
    expect.arrayContaining(['/mapping.html#m9', '/mapping.html#s1', '/operations.html#d4-unknown-users']),
  );
  const rows = [...(builtPages.get('mapping.html') ?? '').matchAll(/<td><a id="[ms]\d+[a-z]?"><\/a>/g)];
  expect(rows.length).toBeGreaterThan(35);
});

test('no page loads a script, a style, a font or an image from elsewhere', () => {
  const loaded = [...builtPages].flatMap(([page, html]) =>
    [...html.matchAll(/<(?:script|link|img|iframe|source)\b[^>]*?\s(?:src|href)="([^"]+)"/g)]
      .map(([, url = '']) => url)
      .filter((url) => isElsewhere(url))
      .map((url) => `${page}: ${url}`),
  );
  const styles = filesOf('.css').flatMap((file) =>
    [...readFileSync(`${output}/${file}`, 'utf8').matchAll(/url\(\s*["']?([^)"']+)|@import\s+["']([^"']+)/g)]
      .map(([, url, imported]) => url ?? imported ?? '')
      .filter((url) => isElsewhere(url)),
  );
  expect([...loaded, ...styles]).toEqual([]);
});

test('llms.txt lists every guide and every export, with working links', () => {
  const text = readFileSync(`${output}/llms.txt`, 'utf8');
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links).toEqual(expect.arrayContaining(['get-started.md', 'errors.md', 'reference/mapping/MappingOptions.md']));
  expect(links.filter((link) => !existsSync(`${output}/${link}`))).toEqual([]);
  const full = readFileSync(`${output}/llms-full.txt`, 'utf8');
  expect(full).toContain('# MappingOptions');
  expect(full).toContain('# Errors and reasons');
});
