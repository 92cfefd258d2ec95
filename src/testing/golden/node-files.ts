/** The part of `node:fs` that golden files need. */
export interface Files {
  /** Names of the `.json` files in a folder, in alphabetical order; `undefined` if there is no such folder. */
  list(folder: string | URL): string[] | undefined;
  read(folder: string | URL, name: string): string;
  write(folder: string | URL, name: string, text: string): void;
  remove(folder: string | URL, name: string): void;
}

/**
 * Loads `node:fs` when it is needed. A static import would break the event builders in browsers, and `import()` is
 * asynchronous, while test runners register tests synchronously.
 *
 * @throws TypeError where there is no file system.
 * @internal
 */
export function openFiles(): Files {
  const { process } = globalThis;
  const fs = typeof process === 'object' ? process.getBuiltinModule?.('node:fs') : undefined;
  const path = typeof process === 'object' ? process.getBuiltinModule?.('node:path') : undefined;
  const url = typeof process === 'object' ? process.getBuiltinModule?.('node:url') : undefined;
  if (fs === undefined || path === undefined || url === undefined)
    throw new TypeError('Golden files need a file system. Run them on Node 20.19 or newer, Bun or Deno.');
  const fileIn = (folder: string | URL, name: string) => path.join(pathOf(folder), name);
  const pathOf = (folder: string | URL) => (typeof folder === 'string' ? folder : url.fileURLToPath(folder.href));
  return {
    list(folder) {
      if (!fs.existsSync(pathOf(folder))) return undefined;
      return fs
        .readdirSync(pathOf(folder))
        .filter((name) => name.endsWith('.json'))
        .sort();
    },
    read: (folder, name) => fs.readFileSync(fileIn(folder, name), 'utf8'),
    write(folder, name, text) {
      fs.mkdirSync(pathOf(folder), { recursive: true });
      fs.writeFileSync(fileIn(folder, name), text);
    },
    remove: (folder, name) => fs.rmSync(fileIn(folder, name)),
  };
}

/** Whether `UPDATE_GOLDEN=1` is set. */
export function isUpdateWanted(): boolean {
  const { process } = globalThis;
  const value = typeof process === 'object' ? process.env.UPDATE_GOLDEN : undefined;
  return value !== undefined && !['', '0', 'false'].includes(value);
}
