import { fileURLToPath } from 'node:url';

/** The path of a file in `dist`. The command line itself is in `dist/cli`. */
export function packageFile(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
