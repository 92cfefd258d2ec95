import { writeFileSync } from 'node:fs';
import { type Group, groups } from './groups.js';
import type { Export } from './write.js';

const kinds = ['function', 'class', 'constant', 'interface', 'type'];

/** The exports of a group in the order of the navigation: what you call first, then types. */
export function exportsOfGroup({ folder }: Group, exports: readonly Export[]): Export[] {
  const rank = ({ kind }: Export): number => (kinds.indexOf(kind) < kinds.indexOf('interface') ? 0 : 1);
  return exports
    .filter(({ group }) => group === folder)
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

/**
 * Writes the first page of each group, and that of the whole reference.
 *
 * @param entries - The page that TypeDoc made of each entry point.
 */
export function writeGroupPages(out: string, exports: readonly Export[], entries: ReadonlyMap<string, string>): void {
  for (const group of groups) {
    const own = exportsOfGroup(group, exports);
    const froms = [...new Set(own.map(({ from }) => from))];
    const parts = froms.map((from) => {
      const about = from === 'segment-onesignal' ? '' : commentOf(entries.get(from) ?? '');
      const rows = own.filter((one) => one.from === from).map(rowOf);
      return `## ${from}\n\n${about}${rows.join('\n')}\n`;
    });
    const head = `---\ntitle: ${group.text}\npageClass: reference\n---\n\n# ${group.text}\n\n${group.about}\n\n`;
    writeFileSync(`${out}/${group.folder}/index.md`, head + parts.join('\n'));
  }
  const rows = groups.map(({ text, folder, about }) => `- [${text}](${folder}/index.md): ${about}`);
  writeFileSync(`${out}/index.md`, `# Reference\n\n${rows.join('\n')}\n`);
}

function rowOf({ name, kind, page, summary }: Export): string {
  const call = kind === 'function' ? '()' : '';
  return `- [\`${name}${call}\`](../${page}.md): ${summary}`;
}

/** The doc comment on the page of an entry point: what stands before the list of its exports. */
function commentOf(page: string): string {
  const [comment = ''] = page
    .replace(/^# .*\n+/, '')
    .split(/^## (?:Classes|Interfaces|Type Aliases|Variables|Functions|References)$/m);
  return comment.replace(/^## /gm, '### ').trimStart();
}
