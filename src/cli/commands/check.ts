import type { AddCommand } from '../command.js';
import { examples } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { addAccessFlags, type SettingsFlags } from '../settings/flags.js';
import { createTransport, readSettings, requireAccess } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

export const addCheck: AddCommand = ({ program, terminal, action }) => {
  addAccessFlags(program.command('check'))
    .summary('try the app id and the key with one harmless request')
    .description('Reads a user who does not exist, which changes nothing, and says whether OneSignal accepts the key.')
    .addHelpText(
      'after',
      examples('check --env-file .env', 'check --base-url http://127.0.0.1:3000 --app-id 3f1f9c1e-…'),
    )
    .action(action((flags: SettingsFlags) => runCheck(flags, terminal)));
};

export async function runCheck(flags: SettingsFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = await readSettings(flags, terminal);
  const { appId } = requireAccess(settings);
  createTransport(settings);
  terminal.stdout.write(`${appId}\n`);
  return exitCodes.ok;
}
