import { Option } from 'commander';
import { createDestination, type MappingOptions, type Plan } from 'segment-onesignal';
import { type ArchiveLine, placeOf, readArchive } from '../archive/read-archive.js';
import { type AddCommand, addFilesArgument, examples, requireEvents } from '../command.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { createPlanReport } from '../plan/plan-report.js';
import { type PlanRow, renderPlans } from '../plan/plan-rows.js';
import { renderSummary } from '../plan/render-summary.js';
import { countText } from '../print/words.js';
import { addMappingFlags, integerFrom, type SettingsFlags } from '../settings/flags.js';
import { readSettings } from '../settings/settings.js';
import { type Terminal, warn } from '../terminal/terminal.js';

/** The flags of `plan`. */
export interface PlanFlags extends SettingsFlags {
  readonly json?: boolean | undefined;
  readonly show?: number | undefined;
  readonly tagLimit?: number | undefined;
}

const defaultShow = 20;

export const addPlan: AddCommand = ({ program, terminal, action }) => {
  addMappingFlags(addFilesArgument(program.command('plan')))
    .addOption(new Option('--json', 'print every plan as a line of JSON, and the summary to stderr').conflicts('show'))
    .option('--show <events>', 'events to list above the summary', integerFrom(0), defaultShow)
    .option('--tag-limit <tags>', 'count the users who would have more tags', integerFrom(1))
    .summary('show what would be sent, without an account')
    .description(
      'Maps events and shows what would be sent to OneSignal: events by outcome, tags, users, dropped fields, and requests with the time they take. It needs no key and sends nothing.',
    )
    .addHelpText(
      'after',
      examples(
        'plan events.ndjson',
        'plan segment-logs/ --mapping mapping.ts --tag-limit 10',
        'plan events.json --json | jq .operations',
      ),
    )
    .action(action((files: string[], flags: PlanFlags) => runPlan(files, flags, terminal)));
};

/** Plans all events of an archive and prints the plans and their summary. */
export async function runPlan(files: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const { stdin, cwd, signal, stdout, stderr } = terminal;
  requireEvents(files, {}, 'plan events.ndjson', terminal);
  const { mapping } = await readSettings(flags, terminal);
  const planOf = createPlanner(mapping);
  const report = createPlanReport(mapping, flags.tagLimit);
  const rows: PlanRow[] = [];
  const maxRows = flags.json === true ? 0 : (flags.show ?? defaultShow);
  for await (const line of readArchive(files, { cwd, stdin, signal })) {
    const place = placeOf(line);
    const plan = line.error ?? planOf(line.event);
    if (typeof plan === 'string') report.addUnreadable(plan, place);
    else await report.add(line.event, plan, place);
    if (flags.json === true)
      await stdout.write(`${JSON.stringify(typeof plan === 'string' ? unreadable(line) : located(plan, line))}\n`);
    if (rows.length < maxRows) rows.push({ place, event: line.event, plan });
  }
  const summary = await report.finish();
  if (summary.events === 0) {
    warn(terminal, 'The input has no events.');
    return exitCodes.ok;
  }
  if (rows.length > 0) stdout.write(`${renderPlans(rows, terminal)}\n${moreLine(summary.events - rows.length)}\n`);
  (flags.json === true ? stderr : stdout).write(renderSummary(summary, flags.tagLimit, terminal));
  return summary.failed.length > 0 ? exitCodes.failed : exitCodes.ok;
}

function createPlanner(mapping: MappingOptions | undefined): (event: unknown) => Plan {
  // Any app and key will do, because nothing is sent.
  const destination = createDestination({
    appId: '00000000-0000-4000-8000-000000000001',
    apiKey: 'unused',
    mapping,
  });
  return (event) => destination.plan([event]).plans[0];
}

/** In place of the plan of a line that cannot be read, so that there is a line for each. */
function unreadable({ error, file, line }: ArchiveLine): object {
  return { status: 'failed', error: { code: 'unreadable', message: error, file, line }, operations: [], dropped: [] };
}

/** A failed plan says where its event stands. */
function located(plan: Plan, { file, line }: ArchiveLine): object {
  return plan.status === 'failed' ? { ...plan, error: { ...plan.error.toJSON(), file, line } } : plan;
}

function moreLine(count: number): string {
  return count <= 0
    ? ''
    : `  … and ${countText(count, 'more event')}. --show N lists more of them, --json prints every plan.\n`;
}
