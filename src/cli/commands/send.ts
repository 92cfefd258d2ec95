import { type AddCommand, addFilesArgument, examples } from '../command.js';
import type { SendFlags } from '../send/flags.js';
import { runSend } from '../send/run-send.js';
import { addDeliveryFlags, addFilterFlags, integerFrom } from '../settings/flags.js';

export const addSend: AddCommand = ({ program, terminal, action }) => {
  addFilterFlags(addDeliveryFlags(addFilesArgument(program.command('send'))))
    .option('--checkpoint <file>', 'file that lets a stopped run continue')
    .option(
      '--failed <file>',
      'file for events that fail (default: <checkpoint>.failed.ndjson or failed-<time>.ndjson)',
    )
    .option('--compact', 'sort by user first, so that each user takes one request')
    .option('--tags-only', 'leave out custom events and purchases')
    .option(
      '--temp-dir <folder>',
      'where --compact keeps the sorted events (default: beside the checkpoint, or else the system folder)',
    )
    .option('--dry-run', 'count events and requests, and send nothing')
    .option('--requests-per-second <number>', 'limit on requests per second (default: 1000)', integerFrom(1))
    .option('--attempts <number>', 'how many times to try an event that can be retried', integerFrom(1), 10)
    .summary('deliver an archive of events')
    .description(
      'Delivers events from NDJSON or JSON arrays, plain or gzip, within the limits of OneSignal. With --checkpoint, the same command continues where it stopped, even after a crash.',
    )
    .addHelpText(
      'after',
      examples(
        'send segment-logs/ --checkpoint backfill.json',
        'send events.ndjson.gz --since 2026-11-01 --type identify',
        'send segment-logs/ --compact --tags-only --checkpoint backfill.json',
        'send failed-20261129T101500.ndjson',
      ),
    )
    .action(action((inputs: string[], flags: SendFlags) => runSend(inputs, flags, terminal)));
};
