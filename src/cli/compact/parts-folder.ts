import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { SendFlags } from '../send/flags.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * Returns the folder for sorted events: beside the checkpoint, where a resumed run finds it, or else a new one for
 * temporary files.
 */
export async function openPartsFolder(
  { checkpoint, tempDir }: Pick<SendFlags, 'checkpoint' | 'tempDir'>,
  { cwd }: Terminal,
  isResumed: boolean,
): Promise<string> {
  if (checkpoint === undefined) return mkdtemp(join(resolve(cwd, tempDir ?? tmpdir()), 'segment-onesignal-'));
  const folder = resolve(
    cwd,
    tempDir === undefined ? `${checkpoint}.parts` : join(tempDir, `${basename(checkpoint)}.parts`),
  );
  if (!isResumed) await rm(folder, { recursive: true, force: true });
  return folder;
}
