import { resolve } from 'node:path';
import { defineMapping, type MappingOptions } from 'segment-onesignal';
import { CommandError, messageOf } from '../command-error.js';

/** Loads the mapping of `--mapping`: the default export or the export `mapping` of a module, or a JSON file. */
export async function loadMapping(named: string, cwd: string): Promise<MappingOptions> {
  const file = resolve(cwd, named);
  const { loadModule } = await import('./load-module.js');
  const exported = await loadModule(file);
  const mapping = exported.mapping ?? exported.default;
  if (typeof mapping !== 'object' || mapping === null)
    throw new CommandError(`${named} exports no mapping. Write: export default defineMapping({ … }).`);
  try {
    return defineMapping(mapping);
  } catch (thrown) {
    throw new CommandError(`${named} cannot be used: ${messageOf(thrown)}`);
  }
}
