import type { Command } from 'commander';

/** Adds the flags that change a sample. */
export function addSampleFlags(command: Command): Command {
  return command
    .option(
      '-s, --set <field=value>',
      'change a field, repeatable: userId=u1, traits.plan=team, traits.seats=12',
      collect,
    )
    .option('--key <key>', 'key of the audience, the computed trait or the journey')
    .option('--value <value>', 'value of the computed trait');
}

/** Not `<value...>`, which would take the name of the sample for another value. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
