import type { MarkdownRenderer } from 'vitepress';

/**
 * What lets a phone set a page well: a long name in a heading can break between its words, and each cell of a table
 * knows the head of its column, so that a row can stand as a block of its own.
 */
export function prepareForPhones(md: MarkdownRenderer): void {
  md.core.ruler.push('break-names', ({ tokens, Token }) => {
    for (const [index, { type, children }] of tokens.entries()) {
      if (type !== 'inline' || children === null || tokens[index - 1]?.type !== 'heading_open') continue;
      const parts = children.flatMap((child) => {
        if (child.type !== 'text') return [child];
        const [first = '', ...rest] = child.content.split(/(?<=[a-z])(?=[A-Z])/);
        child.content = first;
        return [child, ...rest.flatMap((part) => [html('<wbr>'), text(part)])];
      });
      children.splice(0, children.length, ...parts);
    }

    function text(content: string): typeof Token.prototype {
      return Object.assign(new Token('text', '', 0), { content });
    }
    function html(content: string): typeof Token.prototype {
      return Object.assign(new Token('html_inline', '', 0), { content });
    }
  });

  md.core.ruler.push('label-cells', ({ tokens }) => {
    let heads: string[] = [];
    let column = 0;
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'table_open') heads = [];
      if (token.type === 'tr_open') column = 0;
      if (token.type === 'th_open') heads.push(tokens[index + 1]?.content.replaceAll('`', '') ?? '');
      if (token.type !== 'td_open') continue;
      const head = heads[column] ?? '';
      if (head !== '' && column > 0) token.attrSet('data-head', head);
      column += 1;
    }
  });
}
