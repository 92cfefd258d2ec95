import type { MarkdownRenderer } from 'vitepress';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

/** A span of code in the text of a page, outside headings and links. */
export interface InlineCode {
  content: string;
  /** The text before it: of its own paragraph, of the line above its list, of the head of its column. */
  before: string;
}

/**
 * Makes links of spans of code.
 *
 * @param pageOf - Called for each page with its path, such as `reference/mapping/mapEvent.md`. Returns what each span
 * of code of that page links to, or `undefined` for a page without such links.
 */
export function linkInlineCode(
  md: MarkdownRenderer,
  name: string,
  pageOf: (path: string) => ((code: InlineCode) => string | undefined) | undefined,
): void {
  md.core.ruler.push(name, ({ tokens, env, Token }) => {
    const hrefOf = pageOf(env.relativePath ?? '');
    if (hrefOf === undefined) return;
    for (const { children, before } of textsOf(tokens)) {
      let text = before;
      let links = 0;
      const linked = children.flatMap((child): Token[] => {
        if (child.type === 'link_open') links += 1;
        if (child.type === 'link_close') links -= 1;
        const { content } = child;
        const href = child.type === 'code_inline' && links === 0 ? hrefOf({ content, before: text }) : undefined;
        text += content;
        if (href === undefined) return [child];
        const open = new Token('link_open', 'a', 1);
        open.attrs = [['href', href]];
        return [open, child, new Token('link_close', 'a', -1)];
      });
      children.splice(0, children.length, ...linked);
    }
  });
}

function* textsOf(tokens: readonly Token[]): Generator<{ children: Token[]; before: string }> {
  let paragraph = '';
  let heads: string[] = [];
  let column = 0;
  let lists = 0;
  for (const [index, { type, content, children }] of tokens.entries()) {
    if (/_list_open$/.test(type)) lists += 1;
    if (/_list_close$/.test(type)) lists -= 1;
    if (type === 'table_open') heads = [];
    if (type === 'tr_open') column = -1;
    if (type === 'th_open' || type === 'td_open') column += 1;
    if (type !== 'inline' || children === null) continue;
    const around = tokens[index - 1]?.type;
    if (around === 'th_open') heads.push(content);
    else if (around === 'td_open') yield { children, before: `${heads[column] ?? ''} ` };
    else if (around === 'paragraph_open') {
      if (lists === 0) paragraph = content;
      yield { children, before: lists === 0 ? '' : `${paragraph} ` };
    }
  }
}
