import { parseArgs } from 'node:util';
import { bugs } from './bugs.js';
import { runWithBug } from './plant.js';
import { type Finding, runMany } from './run-many.js';

const help = `Plays random scenarios against the library, and compares how they end with a model of the documented rules.

  npm run test:model              run 20,000 scenarios, 500 with each seed
  npm run test:model -- --bugs    plant bugs into the library, and see after how many scenarios each is found

  MODEL_RUNS    number of scenarios (with --bugs: at most so many for each bug, 2,000 unless given)
  MODEL_SEED    the first seed, 1 unless given
`;

const perSeed = 500;
const shrinkMs = 60_000;
const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, bugs: { type: 'boolean' } } });
const seed = Number(process.env.MODEL_SEED ?? 1);

if (values.help === true) print(help);
else if (values.bugs === true) await findBugs(Number(process.env.MODEL_RUNS ?? 2_000));
else await runAll(Number(process.env.MODEL_RUNS ?? 20_000));

async function runAll(count: number): Promise<void> {
  for (let done = 0; done < count; done += perSeed) {
    const own = seed + done / perSeed;
    const size = Math.min(perSeed, count - done);
    const finding = await runMany({ count: size, seed: own, shrinkMs });
    if (finding.failing !== undefined) {
      print(`seed ${own}: failed after ${finding.runs} scenarios\n${textOf(finding.failing)}\n`);
      process.exitCode = 1;
      return;
    }
    print(`seed ${own}: ${size} scenarios, ${done + size} of ${count}\n`);
  }
}

async function findBugs(count: number): Promise<void> {
  for (const bug of bugs) {
    const { runs, failing } = await runWithBug(bug, { count, seed, shrinkMs: 0 });
    const result = failing === undefined ? `NOT found in ${runs}` : `found after ${runs}: ${failing.complaints[0]}`;
    print(`${bug.name}: ${result}\n`);
    if (failing === undefined) process.exitCode = 1;
  }
}

function textOf({ complaints, scenario }: NonNullable<Finding['failing']>): string {
  return `${complaints.join('\n')}\n${JSON.stringify(scenario)}`;
}

function print(text: string): void {
  process.stdout.write(text);
}
