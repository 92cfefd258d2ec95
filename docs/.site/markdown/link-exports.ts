import type { MarkdownOptions, MarkdownRenderer } from 'vitepress';
import type { Export } from '../reference/write.js';
import { linkInlineCode } from './inline-code.js';

type CodeTransformer = NonNullable<MarkdownOptions['codeTransformers']>[number];

/** The pages of the exports, for one page of the site after another. */
export class ExportLinks {
  readonly #pages: ReadonlyMap<string, string>;
  #path = '';

  constructor(exports: readonly Export[]) {
    this.#pages = new Map(exports.map(({ name, page }) => [name, `reference/${page}`]));
  }

  /** Begins with another page, such as `reference/mapping/mapEvent.md`. Nothing links to its own page. */
  begin(path: string): void {
    this.#path = path;
  }

  /**
   * The page of an export, such as `reference/mapping/mapEvent`. A name in lower case may be a field as well: `page` is
   * a builder of events and a mapping option.
   */
  pageOf(name: string): string | undefined {
    const page = /[A-Z]/.test(name) ? this.#pages.get(name) : undefined;
    return `${page}.md` === this.#path ? undefined : page;
  }
}

/** Links the first mention of each export on a page. */
export function linkExports(md: MarkdownRenderer, links: ExportLinks): void {
  linkInlineCode(md, 'link-exports', (path) => {
    links.begin(path);
    const linked = new Set<string>();
    return ({ content }) => {
      const name = content.replace(/\(\)$/, '');
      const page = linked.has(name) ? undefined : links.pageOf(name);
      linked.add(name);
      return page === undefined ? undefined : `/${page}.md`;
    };
  });
}

/** Links the names of exports in blocks of code. */
export function linkNames(links: ExportLinks, base: string): CodeTransformer {
  return {
    name: 'link-names',
    span(node) {
      const [child] = node.children;
      const isCode = /^(?:ts|typescript)$/.test(this.options.lang);
      if (!isCode || child?.type !== 'text' || /['"`]|\/\//.test(child.value)) return;
      node.children = child.value
        .split(/\b(\w+)\b/)
        .filter((part) => part !== '')
        .map((value) => {
          const page = links.pageOf(value);
          const text = { type: 'text' as const, value };
          if (page === undefined) return text;
          return {
            type: 'element' as const,
            tagName: 'a',
            properties: { href: `${base}${page}.html` },
            children: [text],
          };
        });
    },
  };
}
