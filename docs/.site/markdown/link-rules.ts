import { readFileSync } from 'node:fs';
import type { MarkdownRenderer } from 'vitepress';
import { root } from '../places.js';
import { slugOf } from './slug.js';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

const rule = /\b[MSDW]\d+[a-z]?\b/;

/** Where each rule is defined: `M9` in a row of a table of the mapping rules, `D4` under a heading. */
export function readRules(): Map<string, string> {
  const mapping = readFileSync(`${root}docs/mapping.md`, 'utf8');
  const rows = [...mapping.matchAll(/^\| ([MS]\d+[a-z]?) \|/gm)].map(([, name = '']): [string, string] => [
    name,
    `/mapping.md#${anchorOf(name)}`,
  ]);
  const headings = ['operations', 'hosts'].flatMap((page) =>
    [...readFileSync(`${root}docs/${page}.md`, 'utf8').matchAll(/^#{2,3} (([DW]\d+[a-z]?) .*)$/gm)].map(
      ([, heading = '', name = '']): [string, string] => [name, `/${page}.md#${slugOf(heading)}`],
    ),
  );
  return new Map([...rows, ...headings]);
}

/** Links the number of a rule, such as `M9`, to its definition, and gives each row of a rule an anchor. */
export function linkRules(md: MarkdownRenderer, rules: ReadonlyMap<string, string>): void {
  md.core.ruler.push('link-rules', ({ tokens, Token, env }) => {
    for (const [index, { type, content, children }] of tokens.entries()) {
      const around = tokens[index - 1]?.type;
      if (type !== 'inline' || children === null || (around !== 'paragraph_open' && around !== 'td_open')) continue;
      if (env.relativePath === 'mapping.md' && around === 'td_open' && rules.has(content)) {
        children.unshift(htmlOf(`<a id="${anchorOf(content)}"></a>`));
        continue;
      }
      let links = 0;
      const linked = children.flatMap((child): Token[] => {
        if (child.type === 'link_open') links += 1;
        if (child.type === 'link_close') links -= 1;
        return child.type === 'text' && links === 0 ? linkedText(child.content) : [child];
      });
      children.splice(0, children.length, ...linked);
    }

    function linkedText(content: string): Token[] {
      return content.split(new RegExp(`(${rule.source})`)).flatMap((part): Token[] => {
        const text = Object.assign(new Token('text', '', 0), { content: part });
        const href = rules.get(part);
        if (href === undefined) return [text];
        const open = new Token('link_open', 'a', 1);
        open.attrs = [['href', href]];
        return [open, text, new Token('link_close', 'a', -1)];
      });
    }
    function htmlOf(content: string): Token {
      return Object.assign(new Token('html_inline', '', 0), { content });
    }
  });
}

function anchorOf(name: string): string {
  return name.toLowerCase();
}
