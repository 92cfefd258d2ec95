import type { MarkdownEnv, MarkdownRenderer } from 'vitepress';
import { readCodes } from './codes.js';

/** A part of a page that search finds by itself. */
interface Section {
  anchor: string;
  /** The title of the page, and the headings down to that of the section. */
  titles: string[];
  text: string;
}

/**
 * Words of a text, or of a query. A text gives the parts of a name as well: `tagLimit` is found by `tag limit` too, and
 * a query for `user_not_found` finds the code, not every page with "user". A query that is a sentence is searched without
 * its small words: `how to unit-test my mapping`.
 *
 * VitePress sends this function to the browser as text: it can use nothing around it.
 */
export function tokenize(text: string, field?: string): string[] {
  const words = text.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== '');
  if (field === undefined) {
    const small =
      /^(?:an?|and|are|can|do|does|for|how|i|in|is|it|its|my|of|on|or|the|to|was|were|what|why|with|your?)$/i;
    const large = words.filter((word) => !small.test(word));
    return large.length > 0 ? large : words;
  }
  return words.flatMap((word) => {
    const parts = word.split(/_|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== '');
    return parts.length > 1 ? [word, ...parts] : [word];
  });
}

/**
 * How results are ranked: first the page or the section that is called by the very word. The guides that say how it
 * works come first, and the options of a destination come before the rest of the reference, where the same words are
 * names of lesser things.
 */
export const searchOptions = {
  fuzzy: 0.2,
  prefix: true,
  weights: { fuzzy: 0.1, prefix: 0.3 },
  combineWith: 'AND' as const,
  boost: { title: 6, titles: 2, text: 1 },
  // Sent to the browser as text, like `tokenize`.
  boostDocument: (id: unknown, term: string, stored?: Record<string, unknown>): number =>
    (String(stored?.title).replace(/\W+$/, '').toLowerCase() === term.toLowerCase() ? 5 : 1) *
    (/\/reference\/(?!mapping\/|destination\/|outcomes\/)/.test(String(id)) ? 0.5 : 1) *
    (/^\/(?:mapping|testing|cli|backfill|hosts|fleet|data-out|operations)\.html/.test(String(id)) ? 1.6 : 1),
};

const anchors = new Map(readCodes().map(({ anchor, code }) => [anchor, code]));
const heading = /<h([1-6])[^>]*? id="([^"]*)"[^>]*>([\s\S]*?)<a class="header-anchor"[\s\S]*?<\/h\1>/g;

/** The HTML to search, without the colors of code, which take long. A page can say `search: false`. */
export function renderForSearch(markdown: string, env: MarkdownEnv, md: MarkdownRenderer): string {
  const { highlight } = md.options;
  md.options.highlight = null;
  try {
    const html = md.render(markdown, env);
    return env.frontmatter?.search === false ? '' : html;
  } finally {
    md.options.highlight = highlight ?? null;
  }
}

/** The sections of a page: one for each heading, and one for each code that the page explains. */
export function* splitIntoSections(_file: string, html: string): Generator<Section> {
  const found = [...html.matchAll(heading)];
  let titles: string[] = [];
  for (const [index, match] of found.entries()) {
    const [all = '', level = '1', anchor = '', title = ''] = match;
    titles = [...titles.slice(0, Number(level) - 1), textOf(title)].filter((text) => text !== '');
    const content = html.slice(match.index + all.length, found[index + 1]?.index);
    const text = textOf(content);
    if (level === '1') yield { anchor: '', titles, text };
    else if (text !== '' && titles.at(-1) !== 'Inherited from') yield { anchor, titles, text };
    for (const [row = '', anchor = ''] of content.matchAll(/<tr>\s*<td><a id="([\w-]+)"[\s\S]*?<\/tr>/g)) {
      const code = anchors.get(anchor);
      if (code !== undefined) yield { anchor, titles: [...titles, code], text: textOf(row) };
    }
  }
}

function textOf(html: string): string {
  return html
    .replaceAll('<wbr>', '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
