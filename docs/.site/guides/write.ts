import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { background, type Guide, guides, tools } from '../navigation.js';
import { pages, root } from '../places.js';
import { writeExample } from './example.js';

/** The Markdown pages of the navigation that exist. */
export const presentGuides: readonly Guide[] = [...guides, ...background, ...tools].filter(({ source }) =>
  existsSync(root + source),
);

/** Writes a page for each guide, and one for each example that a guide links to. */
export function writeGuides(): void {
  for (const { source, page, text, note } of presentGuides) {
    const [, settings = '', markdown = ''] = /^(---\n[\s\S]*?\n---\n+)?([\s\S]*)$/.exec(read(source)) ?? [];
    const title = titles[source] ?? titleIn(markdown) ?? text;
    const body = withSiteLinks(withoutTitle(markdown), source);
    // The first paragraph is the introduction.
    const noted = note === undefined ? body : body.replace(/\n\n/, () => `\n\n${note}\n\n`);
    const content = `# ${title}\n\n${noted}`;
    // VitePress gives this layout no landmark for screen readers.
    writePage(page, settings + (settings.includes('layout: page') ? `<main>\n\n${content}\n</main>\n` : content));
  }
}

/** Writes a page of the site. */
export function writePage(page: string, markdown: string): void {
  const file = `${pages}/${page}.md`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdown);
}

/**
 * Makes the links of a file of the repository into links of the site.
 *
 * @param source - The file, relative to the repository.
 */
export function withSiteLinks(markdown: string, source: string): string {
  const blocks = /^( *)```[\s\S]*?^\1```/gm;
  const code = markdown.match(blocks) ?? [];
  const linked = markdown
    .replace(blocks, '\0')
    .replace(/(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (link, image: string, text: string, target: string) =>
      /^(?:[a-z]+:|#)/i.test(target) ? link : `${image}[${text}](${siteLink(target, source)})`,
    );
  return linked.replaceAll('\0', () => code.shift() ?? '');
}

function siteLink(target: string, source: string): string {
  const [path = '', anchor] = target.split('#');
  const file = normalize(join(dirname(source), path)).replace(/\/$/, '');
  if (file.startsWith('docs/drawings/')) return file.replace('docs', '');
  const page = presentGuides.find((guide) => guide.source === file)?.page ?? writeExample(file);
  return `/${page}.md${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Titles that fit the site better than those of the files. */
const titles: Record<string, string> = { 'README.md': 'Get started', LICENSE: 'License' };

function read(source: string): string {
  return readFileSync(root + source, 'utf8');
}

function titleIn(markdown: string): string | undefined {
  return /^# (.+)$/m.exec(markdown)?.[1];
}

function withoutTitle(markdown: string): string {
  return markdown.replace(/^# .+\n+/, '');
}
