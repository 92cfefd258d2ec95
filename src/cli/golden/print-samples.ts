import { type MappingOptions, mapEvent } from 'segment-onesignal';
import { createEvents, summaryOf } from 'segment-onesignal/testing';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { samples } from '../samples/samples.js';
import type { Terminal } from '../terminal/terminal.js';

/** Maps every sample and prints its plan: what the mapping does, at a glance. */
export async function printSamples(
  mapping: MappingOptions | undefined,
  { stdout, style }: Terminal,
): Promise<ExitCode> {
  const plans = samples.map((sample) => ({ sample, plan: mapEvent(sample.build(createEvents(), {}), mapping) }));
  for (const { sample, plan } of plans) {
    const lines = summaryOf(plan).split('\n');
    await stdout.write(`${style.bold(sample.name)}\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`);
  }
  const isFailed = plans.some(({ plan }) => plan.status === 'failed');
  return isFailed ? exitCodes.failed : exitCodes.ok;
}
