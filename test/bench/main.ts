import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Results } from './figure.js';
import { groups, peerGroup } from './groups.js';
import { writePage } from './page.js';
import { installPeers } from './peers.js';
import { printTable } from './print-table.js';
import { buildPrograms, runProgram } from './programs.js';

const allGroups = [...groups, peerGroup];
const names = allGroups.map(({ name }) => name).join(', ');
const help = `Measures the built package. Most figures are ratios to a reference that is measured in the same run.

  npm run bench                        run everything but the peers (about six minutes)
  npm run bench -- --peers             also compare with peers, which it installs into node_modules/.cache
  npm run bench -- --group deliver     run one group: ${names}
  npm run bench -- --smoke             check that everything runs; only sizes and scaling are meaningful
  npm run bench -- --json FILE         also write the figures as JSON
  npm run bench -- --page              also write the table and the picture of docs/performance.md
  npm run bench -- --from FILE --page  write them from the JSON of an earlier run
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    smoke: { type: 'boolean' },
    peers: { type: 'boolean' },
    json: { type: 'string' },
    page: { type: 'boolean' },
    from: { type: 'string' },
    group: { type: 'string', multiple: true },
  },
});

if (values.help === true) {
  process.stdout.write(help);
} else {
  const wanted = values.group ?? [...groups.map(({ name }) => name), ...(values.peers === true ? ['peers'] : [])];
  const results = values.from === undefined ? await measure(wanted, values.smoke === true) : read(values.from);
  printTable(results.figures);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (values.page === true)
    writePage(
      results,
      allGroups.map(({ name }) => name),
    );
  process.exitCode = isWithinBudget(results) ? 0 : 1;
}

function read(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function measure(wanted: readonly string[], smoke: boolean): Promise<Results> {
  const unknown = wanted.find((name) => !allGroups.some((group) => group.name === name));
  if (unknown !== undefined) throw new Error(`Unknown group "${unknown}". The groups are ${names}.`);
  if (wanted.includes('peers')) await installPeers();
  const measured = allGroups.filter(({ name }) => wanted.includes(name));
  const results: Results = { node: process.version, smoke, figures: [] };
  const directory = await buildPrograms();
  for (const [index, { name, programs }] of measured.entries()) {
    for (const { file, flags = [] } of programs) {
      process.stderr.write(`[${index + 1}/${measured.length}] ${name}${flags.map((flag) => ` ${flag}`).join('')}\n`);
      for (const figure of await runProgram(directory, file, { flags, smoke }))
        results.figures.push({ group: name, ...figure });
    }
  }
  return results;
}

/** Only sizes and the growth of steps have a budget, because the other figures are too noisy to fail a build. */
function isWithinBudget({ figures }: Results): boolean {
  const over = figures.filter(({ value, budget = Number.POSITIVE_INFINITY }) => value > budget);
  for (const { what, value, budget } of over)
    process.stderr.write(`${what} is ${value}, over its budget of ${budget}\n`);
  return over.length === 0;
}
