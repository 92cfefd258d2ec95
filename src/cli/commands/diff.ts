import { setTimeout as sleep } from 'node:timers/promises';
import { readArchive } from '../archive/read-archive.js';
import { type AddCommand, addFilesArgument, examples, requireEvents } from '../command.js';
import { compareUsers, type Difference } from '../diff/compare.js';
import { createExpectedUsers } from '../diff/expected-users.js';
import { readIntervalMs, readUser } from '../diff/read-user.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { renderTable, shorten } from '../print/table.js';
import { countText } from '../print/words.js';
import { addAccessFlags, type SettingsFlags } from '../settings/flags.js';
import { createTransport, readSettings, requireAccess } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** The flags of `diff`. */
export interface DiffFlags extends SettingsFlags {
  readonly user: readonly string[];
}

export const addDiff: AddCommand = ({ program, terminal, action }) => {
  addAccessFlags(addFilesArgument(program.command('diff')))
    .requiredOption('-u, --user <id...>', 'users to read back, after the files')
    .summary('compare users in OneSignal with the expected result of their events')
    .description(
      'Reads users back, one per second, and compares them with the expected result of the events. Use it when the API said 202, but the tag is not there. Fields that these events did not write are ignored.',
    )
    .addHelpText(
      'after',
      examples('diff events.ndjson --user u1 u2', 'diff segment-logs/ --mapping mapping.ts --user u1'),
    )
    .action(action((files: string[], flags: DiffFlags) => runDiff(files, flags, terminal)));
};

/** Prints the differences of each user. */
export async function runDiff(files: readonly string[], flags: DiffFlags, terminal: Terminal): Promise<ExitCode> {
  const { stdin, cwd, signal, stderr, stdout } = terminal;
  requireEvents(files, flags, 'diff events.ndjson --user u1', terminal);
  const settings = await readSettings(flags, terminal);
  const { appId } = requireAccess(settings);
  const transport = createTransport(settings);
  const expected = createExpectedUsers(appId, settings.mapping, flags.user);
  let unreadable = 0;
  for await (const line of readArchive(files, { cwd, stdin, signal })) {
    if (line.error === undefined) await expected.add(line.event);
    else unreadable++;
  }
  if (unreadable > 0)
    stderr.write(
      `${countText(unreadable, 'line')} of the files could not be read. Run "segment-onesignal plan" to see where.\n`,
    );
  let isEqual = true;
  for (const [index, id] of flags.user.entries()) {
    const written = expected.writtenOf(id);
    if (written === undefined) {
      isEqual = false;
      stdout.write(`${id}: no event of these files writes to this user.\n`);
      continue;
    }
    if (index > 0) await sleep(readIntervalMs, undefined, { signal });
    const found = await readUser(transport, appId, written.user, signal);
    const wanted = await readUser(expected.transport, appId, written.user, signal);
    const differences = compareUsers(written, wanted, found);
    isEqual &&= differences.length === 0;
    const compared = written.tags.size + written.profile.size + written.subscriptions.size;
    stdout.write(`${linesOf(id, differences, compared, terminal)}\n`);
  }
  if (!isEqual)
    stderr.write(
      'OneSignal applies updates a few seconds after its 202: run this command again before you look for the cause.\n',
    );
  return isEqual && unreadable === 0 ? exitCodes.ok : exitCodes.failed;
}

function linesOf(id: string, differences: readonly Difference[], compared: number, terminal: Terminal): string {
  const { style, columns } = terminal;
  if (differences.length === 0) return `${style.good('✓')} ${id}: ${countText(compared, 'field')} as expected`;
  const width = Math.max(20, Math.floor((columns - 34) / 2));
  const rows = differences.map(({ field, expected, found }) => [
    shorten(field, 30),
    shorten(expected, width),
    shorten(found, width),
  ]);
  const head = `${style.bad('✗')} ${id}: ${countText(differences.length, 'difference')}`;
  return `${head}\n${renderTable(['Field', 'Expected', 'In OneSignal'], rows, terminal)}`;
}
