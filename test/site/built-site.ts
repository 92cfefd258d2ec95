import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { output } from '../../docs/.site/places.js';

if (!existsSync(`${output}/index.html`)) throw new Error('There is no site to test. Run "npm run docs" first.');

/** Every page of the built site: its path, such as `reference/mapping/mapEvent.html`, and its HTML. */
export const builtPages: ReadonlyMap<string, string> = new Map(
  filesOf('.html').map((file) => [file, readFileSync(`${output}/${file}`, 'utf8')]),
);

/** The paths of the site's files with this ending. */
export function filesOf(ending: string): string[] {
  return readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
}

/** The HTML of a page. */
export function builtPage(path: string): string {
  const html = builtPages.get(path);
  if (html === undefined) throw new Error(`The site has no page ${path}.`);
  return html;
}

/** The anchors on a page. */
export function anchorsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id));
}

/** The targets of the links on a page, as written. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
}
