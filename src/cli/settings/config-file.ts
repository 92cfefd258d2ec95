import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, defineConfig } from 'segment-onesignal/config';
import { CommandError, messageOf } from '../command-error.js';

const names = ['ts', 'mts', 'js', 'mjs'].map((extension) => `segment-onesignal.config.${extension}`);

/** Loads the config file: the one that is named, or the nearest one in the working directory and above it. */
export async function loadConfig(
  named: string | undefined,
  cwd: string,
): Promise<{ readonly file?: string | undefined; readonly config: Config }> {
  const file = named === undefined ? nearestConfig(cwd) : resolve(cwd, named);
  if (file === undefined) return { config: {} };
  // Loaded on demand: it contains a compiler for TypeScript.
  const { loadModule } = await import('./load-module.js');
  const exported = await loadModule(file);
  const config = exported.default;
  if (typeof config !== 'object' || config === null)
    throw new CommandError(`${file} has no default export. Write: export default defineConfig({ … }).`);
  try {
    return { file, config: defineConfig(config) };
  } catch (thrown) {
    throw new CommandError(`${file} cannot be used: ${messageOf(thrown)}`);
  }
}

function nearestConfig(folder: string): string | undefined {
  const found = names.map((name) => join(folder, name)).find((file) => existsSync(file));
  const parent = dirname(folder);
  return found ?? (parent === folder ? undefined : nearestConfig(parent));
}
