import type { MarkdownRenderer } from 'vitepress';
import type { Code } from '../codes.js';
import { linkInlineCode } from './inline-code.js';

/** Words before a code that say that it is one, where it could be an ordinary word, such as `nested`. */
const said = /\b(?:skip\w*|drop\w*|reasons?|codes?|fails?|warnings?)\b[^.`]{0,30}$/i;

/** Links each code to its row of the errors page. */
export function linkCodes(md: MarkdownRenderer, codes: readonly Code[]): void {
  linkInlineCode(md, 'link-codes', (path) => {
    if (path === 'errors.md') return undefined;
    const page = path.split('/').at(-1) ?? '';
    const isUnion = /(?:Reason|ErrorCode)\.md$/.test(page);
    return ({ content, before }) => {
      const meant = codes.filter(({ code }) => code === content);
      if (meant.length === 0 || !(content.includes('_') || isUnion || said.test(before))) return undefined;
      return `/errors.md#${lastNamed(meant, `${page} ${before}`)?.anchor}`;
    };
  });
}

/** Of codes with the same name, the one whose family the text names last. */
function lastNamed(codes: readonly Code[], text: string): Code | undefined {
  const place = ({ family }: Code): number => text.toLowerCase().lastIndexOf(family);
  return [...codes].sort((one, other) => place(other) - place(one))[0];
}
