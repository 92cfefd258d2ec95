import type { MappingOptions } from 'segment-onesignal';
import { CommandError } from '../command-error.js';

const emptyCall = 'createSegmentFunction({})';

/** Writes mapping options into the code of the function. */
export function embedMapping(code: string, mapping: MappingOptions | undefined): string {
  if (mapping === undefined) return code;
  const hook = pathOfFunction(mapping, 'mapping');
  if (hook !== undefined)
    throw new CommandError(
      `"${hook}" is a function, which cannot be written into the file. Bundle a function of your own with segment-onesignal/function.`,
    );
  if (!code.includes(emptyCall)) throw new Error(`The build of the function has no ${emptyCall}.`);
  return code.replace(emptyCall, () => `createSegmentFunction({ mapping: ${JSON.stringify(mapping)} })`);
}

function pathOfFunction(value: unknown, path: string): string | undefined {
  if (typeof value === 'function') return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = pathOfFunction(inner, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
