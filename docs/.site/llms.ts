import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { presentGuides } from './guides/write.js';
import { background } from './navigation.js';
import { output, pages, root } from './places.js';
import { exportsOfGroup } from './reference/group-page.js';
import { groups } from './reference/groups.js';
import type { Export } from './reference/write.js';

/** Writes `llms.txt`, `llms-full.txt` and the Markdown of every page in them, beside the finished site. */
export function writeLlmsTexts(exports: readonly Export[]): void {
  const { description } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const guides = presentGuides.filter((guide) => !background.includes(guide));
  const reference = groups.map((group) => {
    const lines = exportsOfGroup(group, exports).map(
      ({ name, page, summary }) => `- [${name}](reference/${page}.md): ${summary}`,
    );
    return `### ${group.text}\n\n${group.about}\n\n${lines.join('\n')}`;
  });
  const parts = [
    `# segment-onesignal\n\n> ${description}`,
    `## Guides\n\n${guides.map(lineOf).join('\n')}`,
    `## Reference\n\n${reference.join('\n\n')}`,
    `## Optional\n\n${background.map(lineOf).join('\n')}`,
  ];
  writeFileSync(`${output}/llms.txt`, `${parts.join('\n\n')}\n`);

  const paths = [...presentGuides.map(({ page }) => page), ...exports.map(({ page }) => `reference/${page}`)];
  for (const path of paths) {
    mkdirSync(dirname(`${output}/${path}`), { recursive: true });
    copyFileSync(`${pages}/${path}.md`, `${output}/${path}.md`);
  }
  // For the images of that Markdown.
  cpSync(`${root}docs/drawings`, `${output}/drawings`, { recursive: true });
  const texts = paths.map((path) => readFileSync(`${pages}/${path}.md`, 'utf8').replace(/^---\n[\s\S]*?\n---\n+/, ''));
  writeFileSync(`${output}/llms-full.txt`, texts.join('\n\n'));
}

function lineOf({ text, page, about }: { text: string; page: string; about: string }): string {
  return `- [${text}](${page}.md): ${about}`;
}
