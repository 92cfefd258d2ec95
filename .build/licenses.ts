import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the licenses of the bundled packages, which have to go wherever their code goes, to one file. */
export function writeLicenses(packages: readonly string[], root: string, file: string): void {
  const licenses = [...packages].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const license = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (license === undefined) throw new Error(`${name} has no license file`);
    return `${name}\n\n${readFileSync(join(folder, license), 'utf8').trim()}\n`;
  });
  writeFileSync(file, licenses.join('\n\n'));
}
