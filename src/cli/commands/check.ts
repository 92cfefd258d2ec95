import type { OneSignalResponse } from 'segment-onesignal';
import { type AddCommand, examples } from '../command.js';
import { CommandError } from '../command-error.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { askOneSignal } from '../settings/ask-onesignal.js';
import { addAccessFlags, type SettingsFlags } from '../settings/flags.js';
import { createTransport, readSettings, requireAccess } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

const dashboard = 'the OneSignal dashboard (Settings > Keys & IDs)';

export const addCheck: AddCommand = ({ program, terminal, action }) => {
  addAccessFlags(program.command('check'))
    .summary('try the app id and the key with one harmless request')
    .description('Reads a user who does not exist, which changes nothing, and says whether OneSignal accepts the key.')
    .addHelpText(
      'after',
      examples('check --env-file .env', 'check --app-id 3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10 --api-key-file key.txt'),
    )
    .action(action((flags: SettingsFlags) => runCheck(flags, terminal)));
};

/** Sends one request and says in one sentence what the answer means. */
export async function runCheck(flags: SettingsFlags, terminal: Terminal): Promise<ExitCode> {
  const settings = await readSettings(flags, terminal);
  const { appId } = requireAccess(settings);
  const host = settings.baseUrl ?? 'OneSignal';
  const path = `/apps/${encodeURIComponent(appId)}/users/by/external_id/segment-onesignal-check`;
  const response = await askOneSignal(createTransport(settings), { method: 'GET', path }, host, terminal.signal);
  const problem = problemOf(response, appId, host);
  if (problem !== undefined) throw new CommandError(problem, exitCodes.failed);
  terminal.stdout.write(
    `${terminal.style.good('OK')}: ${host} accepts the key for app ${appId}. Nothing was changed.\n`,
  );
  return exitCodes.ok;
}

function problemOf({ status }: OneSignalResponse, appId: string, host: string): string | undefined {
  if (status === 200 || status === 404) return undefined;
  if (status === 401 || status === 403)
    return `${host} refused the key (${status}). Check that it is an App API key of app ${appId}, that it was not rotated, and that its IP allowlist includes this machine; copy both from ${dashboard}.`;
  if (status === 400) return `${host} does not accept app ${appId} (400). Copy the App ID from ${dashboard}.`;
  if (status === 429)
    return `${host} received too many requests (429), so the key was not checked. Wait a second and try again.`;
  if (status >= 500) return `${host} has a problem of its own (${status}). Try again later.`;
  return `${host} answered ${status}, which OneSignal does not do. Check the base URL.`;
}
