import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An editor writes a file in several steps. */
const settleMs = 100;

/** Yields at once, and again after every change of the files and folders, until the signal is aborted. */
export async function* watchFolders(paths: readonly string[], signal: AbortSignal): AsyncGenerator<void> {
  let wake = (): void => {};
  let isChanged = true;
  let timer: NodeJS.Timeout | undefined;
  const onChange = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isChanged = true;
      wake();
    }, settleMs);
  };
  const watchers = paths.map((path) => watchPath(path, onChange));
  const stop = (): void => wake();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      if (isChanged) {
        isChanged = false;
        yield;
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    signal.removeEventListener('abort', stop);
  }
}

function watchPath(path: string, onChange: () => void): FSWatcher {
  if (statSync(path).isDirectory()) return watch(path, { recursive: true }, onChange);
  // Editors replace a file by renaming another one, and a watcher of the file would stay with the old one.
  return watch(dirname(path), (_, name) => {
    if (name === basename(path)) onChange();
  });
}
