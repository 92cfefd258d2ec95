import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { root } from '../places.js';
import { writePage } from './write.js';

/**
 * Writes the page of an example, a file or a folder, and returns its address.
 *
 * @param path - Relative to the repository: `examples/express.ts`.
 */
export function writeExample(path: string): string {
  if (!path.startsWith('examples/') || !existsSync(root + path))
    throw new Error(`A guide links to ${path}, which is not a page of the site: see docs/.site/navigation.ts.`);
  const page = path.replace(/\.ts$/, '');
  const files = statSync(root + path).isDirectory()
    ? readdirSync(root + path).map((file) => `${path}/${file}`)
    : [path];
  const parts = files.map((file) => partOf(file, files.length > 1));
  writePage(page, `# ${path.replace('examples/', 'Example: ')}\n\n${parts.join('\n')}`);
  return page;
}

function partOf(file: string, titled: boolean): string {
  const text = readFileSync(root + file, 'utf8').trimEnd();
  const title = titled ? `## ${file}\n\n` : '';
  return `${title}\`\`\`${extname(file).slice(1)}\n${text}\n\`\`\`\n`;
}
