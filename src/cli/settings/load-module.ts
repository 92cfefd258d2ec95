import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti/static';
import { exports as entryPoints } from '../../../package.json';
import { CommandError, messageOf } from '../command-error.js';
import { reasonOf } from '../system-error.js';

/**
 * Loads a user's module. TypeScript is compiled on the fly, also where Node cannot.
 *
 * @throws {@link CommandError} that names the file and says what is wrong.
 */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw new CommandError(`Cannot read ${file}: ${reasonOf(thrown)}.`);
  });
  try {
    if (file.endsWith('.json')) return { default: JSON.parse(text) };
    const jiti = createJiti(file, { alias: ownEntries(), fsCache: false, interopDefault: false });
    return await jiti.import<Record<string, unknown>>(file);
  } catch (thrown) {
    throw new CommandError(`${file} cannot be loaded: ${firstLineOf(messageOf(thrown))}`, undefined, thrown);
  }
}

/**
 * Where the imports of `segment-onesignal` lead: to this copy of the library, so that a config file also works where the
 * package is not installed, as with npx.
 */
function ownEntries(): Record<string, string> {
  const names = Object.keys(entryPoints)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => entry.replace('.', 'segment-onesignal'));
  return Object.fromEntries(names.map((name) => [name, fileURLToPath(import.meta.resolve(name))]));
}

/** The first line of a message, with the place of a syntax error, which is in the second one. */
function firstLineOf(message: string): string {
  const [problem = '', place = ''] = message.split('\n').map((line) => line.trim());
  return /:\d+:\d+$/.test(place) ? `${problem} at ${place}` : problem;
}
