import type { MarkdownRenderer } from 'vitepress';

/** Keeps `{{ … }}` in spans of code: Vue would evaluate it, as it would anywhere else on a page. */
export function keepLiquid(md: MarkdownRenderer): void {
  md.core.ruler.push('keep-liquid', ({ tokens }) => {
    for (const child of tokens.flatMap(({ children }) => children ?? []))
      if (child.type === 'code_inline' && child.content.includes('{{')) child.attrSet('v-pre', '');
  });
}
