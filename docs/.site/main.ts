/** Builds the site: `npm run docs`. It reads the repository and nothing else. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'vitepress';
import { writeFrontPage } from './guides/front-page.js';
import { writeGuides } from './guides/write.js';
import { writeLlmsTexts } from './llms.js';
import { drawingStyles } from './markdown/drawings.js';
import { output, pages, siteSources } from './places.js';
import { exportsFile, writeReference } from './reference/write.js';

rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
await writeReference();
writeGuides();
writeFrontPage();
writeFileSync(`${pages}/drawings.css`, drawingStyles());
await build(siteSources);
writeLlmsTexts(JSON.parse(readFileSync(exportsFile, 'utf8')));
console.log(`The site is in ${output}. To look at it, run "npm run docs:preview".`);
