import { existsSync, readdirSync, statSync } from 'node:fs';
import { output, root, siteSources } from './places.js';

const generated = new Set([
  output,
  `${siteSources}/.pages`,
  `${siteSources}/.vitepress/cache`,
  `${siteSources}/.vitepress/.temp`,
]);

/** Whether the site is newer than everything it is made from. */
export function isUpToDate(): boolean {
  // Written last.
  const last = `${output}/llms-full.txt`;
  if (!existsSync(last)) return false;
  const sources = ['src', 'docs', 'examples', 'README.md', 'CHANGELOG.md', 'LICENSE', 'package.json'];
  return Math.max(...sources.map((source) => newestIn(root + source))) < statSync(last).mtimeMs;
}

/** The time of the last change of a file, or in a folder. */
function newestIn(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path).map((name) => `${path}/${name}`);
  return Math.max(mtimeMs, ...inside.filter((one) => !generated.has(one)).map(newestIn));
}
