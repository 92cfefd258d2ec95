import { type AddCommand, addFilesArgument, examples } from '../command.js';
import { type ExportFlags, runExport } from '../export/run-export.js';
import { addFilterFlags, addMappingFlags } from '../settings/flags.js';

export const addExport: AddCommand = ({ program, terminal, action }) => {
  addFilterFlags(addMappingFlags(addFilesArgument(program.command('export'))))
    .requiredOption('--csv <folder>', 'folder to write the files to')
    .option('--columns', 'one column for each tag instead of one column of JSON')
    .option('--temp-dir <folder>', 'where the sorted events are kept (default: the system folder)')
    .summary("write an archive's users as CSV for OneSignal's import")
    .description(
      'Merges all events of each user into tags, addresses, language, country and time zone, and writes them as files that OneSignal imports. It sends nothing, so it needs no key.',
    )
    .addHelpText(
      'after',
      examples('export segment-logs/ --csv import/', 'export events.ndjson.gz --csv import/ --columns'),
    )
    .action(action((inputs: string[], flags: ExportFlags) => runExport(inputs, flags, terminal)));
};
