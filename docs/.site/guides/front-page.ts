import { readFileSync } from 'node:fs';
import { root, siteSources } from '../places.js';
import { writePage } from './write.js';

/** Writes the front page: its text is `front-page.md`, and the parts that the README already has are copied from it. */
export function writeFrontPage(): void {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const parts: Record<string, string> = {
    sentence: found(/^# .+\n+(.+?\.)(?: |$)/m.exec(readme), 'a first sentence')[1] ?? '',
    program: found(/^```ts\n[\s\S]*?^```\n\n```text\n[\s\S]*?^```/m.exec(readme), 'a program with its output')[0],
    install: found(/^```sh\nnpm install [\s\S]*?^```/m.exec(readme), 'how to install')[0],
  };
  const text = readFileSync(`${siteSources}/front-page.md`, 'utf8');
  writePage(
    'index',
    text.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? `{${name}}`),
  );
}

function found(match: RegExpExecArray | null, what: string): RegExpExecArray {
  if (match === null) throw new Error(`The front page copies ${what} from the README, which has none.`);
  return match;
}
