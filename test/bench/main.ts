import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { JudgedFigure } from './figure.js';
import { groups } from './groups.js';
import { printTable } from './print-table.js';
import { buildPrograms, runProgram } from './programs.js';

const help = `Measures the built package. Most figures are ratios to a reference that is measured in the same run.

  npm run bench                        run everything (about five minutes)
  npm run bench -- --group deliver     run one group: ${groups.map(({ name }) => name).join(', ')}
  npm run bench -- --smoke             check that everything runs; only sizes and scaling are meaningful
  npm run bench -- --json FILE         also write the figures as JSON
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    smoke: { type: 'boolean' },
    json: { type: 'string' },
    group: { type: 'string', multiple: true },
  },
});

if (values.help === true) {
  process.stdout.write(help);
} else {
  const wanted = groups.filter(({ name }) => values.group?.includes(name) ?? true);
  if (wanted.length === 0)
    throw new Error(`Unknown group. The groups are ${groups.map(({ name }) => name).join(', ')}.`);
  process.exitCode = await bench(wanted, values.smoke === true, values.json);
}

async function bench(wanted: typeof groups, smoke: boolean, json: string | undefined): Promise<number> {
  const figures: (JudgedFigure & { group: string })[] = [];
  const directory = await buildPrograms();
  for (const [index, { name, programs }] of wanted.entries()) {
    for (const { file, flags = [] } of programs) {
      process.stderr.write(`[${index + 1}/${wanted.length}] ${name}${flags.map((flag) => ` ${flag}`).join('')}\n`);
      for (const figure of await runProgram(directory, file, { flags, smoke }))
        figures.push({ group: name, ...figure });
    }
  }
  printTable(figures);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ node: process.version, smoke, figures }, undefined, 2)}\n`);
  // Only sizes and the growth of steps have a budget, because the other figures are too noisy to fail a build.
  const over = figures.filter(({ value, budget = Number.POSITIVE_INFINITY }) => value > budget);
  for (const { what, value, budget } of over)
    process.stderr.write(`${what} is ${value}, over its budget of ${budget}\n`);
  return over.length === 0 ? 0 : 1;
}
