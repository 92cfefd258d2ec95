import { readdirSync, readFileSync } from 'node:fs';
import type { MarkdownRenderer } from 'vitepress';
import { root } from '../places.js';

const folder = `${root}docs/drawings`;
const style = /\s*<style>([\s\S]*?)<\/style>/;

/** Puts the drawings themselves into the page, so that they follow its switch between light and dark. */
export function inlineDrawings(md: MarkdownRenderer): void {
  const image = md.renderer.rules.image;
  md.renderer.rules.image = (tokens, index, options, env, self) => {
    const name = /(?:^|\/)drawings\/([\w-]+\.svg)$/.exec(tokens[index]?.attrGet('src') ?? '')?.[1];
    if (name !== undefined)
      return readFileSync(`${folder}/${name}`, 'utf8')
        .replace(style, '')
        .replace(/>\s*\n\s*</g, '><');
    return image?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
  };
}

/** The style sheet of the drawings, in which the page's own switch takes the place of the system's setting. */
export function drawingStyles(): string {
  const styles = readdirSync(folder).map((file) => style.exec(readFileSync(`${folder}/${file}`, 'utf8'))?.[1] ?? '');
  return [...new Set(styles)]
    .join('\n')
    .replace(/@media \(prefers-color-scheme: dark\) \{\s*\.drawing \{([\s\S]*?)\}\s*\}/g, '.dark .drawing {$1}');
}
