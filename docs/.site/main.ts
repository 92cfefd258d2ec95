/**
 * Builds the site: `npm run docs`. It reads the repository and nothing else. With `--if-changed` it does nothing if the
 * site is newer than all that it is made from.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'vitepress';
import { writeFrontPage } from './guides/front-page.js';
import { writeGuides } from './guides/write.js';
import { writeLlmsTexts } from './llms.js';
import { drawingStyles } from './markdown/drawings.js';
import { output, pages, siteSources } from './places.js';
import { exportsFile, writeReference } from './reference/write.js';
import { isUpToDate } from './up-to-date.js';

if (!process.argv.includes('--if-changed') || !isUpToDate()) {
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  await writeReference();
  writeGuides();
  writeFrontPage();
  writeFileSync(`${pages}/drawings.css`, drawingStyles());
  await build(siteSources);
  writeLlmsTexts(JSON.parse(readFileSync(exportsFile, 'utf8')));
  console.log(`The site is in ${output}. To look at it, run "npm run docs:preview".`);
}
