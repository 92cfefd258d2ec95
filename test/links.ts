import { dirname, join, normalize } from 'node:path';

/**
 * The broken links between files: to a file that does not exist, or to a heading that its file does not have.
 *
 * @param files - Maps the path of each file to its text.
 */
export function deadLinks(files: ReadonlyMap<string, string>): string[] {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  return [...files]
    .filter(([file]) => file.endsWith('.md'))
    .flatMap(([file, text]) =>
      linksOf(text)
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path === '' ? file : normalize(join(dirname(file), path)).replace(/\/$/, '');
          const found = files.get(target);
          if (found === undefined) return !folders.has(target);
          return anchor !== undefined && anchor !== '' && !anchorsOf(found).has(anchor);
        })
        .map((link) => `${file}: ${link}`),
    );
}

function foldersOf(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/** The targets of links to files, except those in code. */
function linksOf(markdown: string): string[] {
  const prose = withoutBlocks(markdown).replace(/(`+)(?!`)[^`\n]*\1/g, (code) => (code.length > 0 ? 'code' : ''));
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm)];
  return [...inline, ...defined].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/i.test(link));
}

/** The anchors that GitHub gives to headings: a repeated heading gets a number at the end. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(/^( *)```[\s\S]*?^\1```/gm, '');
}
