// Runs the packed package in the tools of its consumers: TypeScript, test runners, script runners and bundlers.
// Each consumer has its own folder, outside the repository, with its own copy of the package.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const limitMs = 180_000;
const delivered = 'planned delivered {"plan":"pro"}\n';

/** Each module mode, with its compiler options and the name of the file to compile. */
const moduleModes = {
  nodenext: { options: ['--module', 'nodenext'], file: 'main.mts' },
  'node16, .cts': { options: ['--module', 'node16'], file: 'main.cts' },
  bundler: { options: ['--module', 'esnext', '--moduleResolution', 'bundler'], file: 'main.ts' },
  'commonjs, node10': { options: ['--module', 'commonjs', '--moduleResolution', 'node10'], file: 'main.ts' },
};
// The file has another name in the repository, where it would count as one of the tests.
const testFile = ['mapping.ts', 'mapping.test.ts'];
const strict = ['--strict', '--noEmit', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node'];

/** One result per tool and use. `here` is this folder, and `project` is one with the packed package installed. */
export async function runConsumers({ here, project, nodes }) {
  for (const set of ['typescript', 'jest-29', 'jest-30', 'modern']) installTools(join(here, 'tools', set));

  const uses = [
    ...['5.0', '5.4', '5.9', '6.0'].flatMap(typescriptUses),
    ...['jest-29', 'jest-30'].flatMap(jestUses),
    ...modernUses(),
    ...nodes.flatMap(({ runtime, node }) => copiesUses(runtime, node)),
  ];
  const results = [];
  const waiting = [...uses.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { runtime, check, tools, consumer, steps }] = next;
      const folder = createConsumer(project, here, join(project, 'consumers', String(index)), tools, consumer);
      const problem = await runSteps(folder, steps);
      results[index] = { runtime, check, problem };
    }
  };
  // CI has two cores.
  await Promise.all([work(), work()]);
  return results;
}

function typescriptUses(version) {
  return Object.entries(moduleModes).map(([check, { options, file }]) => {
    // TypeScript 6 still has node10, but says that TypeScript 7 will not.
    const quiet = version === '6.0' && check.endsWith('node10') ? ['--ignoreDeprecations', '6.0'] : [];
    const compiler = join('..', 'node_modules', `typescript-${version}`, 'lib', 'tsc.js');
    const step = { rename: ['main.ts', file], args: [compiler, ...strict, ...options, ...quiet, file], prints: '' };
    return { runtime: `TypeScript ${version}`, check, tools: 'typescript', consumer: 'typescript', steps: [step] };
  });
}

function jestUses(tools) {
  const args = [join('..', 'node_modules', 'jest', 'bin', 'jest.js')];
  const runtime = tools.replace('jest-', 'Jest ');
  return [
    { runtime, check: 'jest', tools, consumer: 'jest', steps: [{ args }] },
    { runtime, check: 'ts-jest', tools, consumer: 'ts-jest', steps: [{ rename: testFile, args }] },
  ];
}

function modernUses() {
  const use = (runtime, check, consumer, ...steps) => ({ runtime, check, tools: 'modern', consumer, steps });
  const module = (...path) => join('..', 'node_modules', ...path);
  const bundle = (bundler, entry, outfile) =>
    use(
      'bundlers',
      entry.endsWith('.cjs') ? `${bundler}, require` : bundler,
      'bundlers',
      { args: ['bundle.mjs', bundler, entry, outfile] },
      { args: [outfile], prints: delivered },
    );
  return [
    use('Vitest', 'run', 'vitest', { rename: testFile, args: [module('vitest', 'vitest.mjs'), 'run'] }),
    use('scripts', 'tsx', 'scripts', { args: [module('tsx', 'dist', 'cli.mjs'), 'main.ts'], prints: delivered }),
    use('scripts', 'tsx, ES module', 'scripts', {
      rename: ['main.ts', 'main.mts'],
      args: [module('tsx', 'dist', 'cli.mjs'), 'main.mts'],
      prints: delivered,
    }),
    // Without a tsconfig.json, ts-node runs no file at all with TypeScript 5.2 and later.
    ...['commonjs', 'nodenext'].map((mode) =>
      use('scripts', `ts-node, ${mode}`, 'scripts', {
        rename: [`tsconfig.${mode}.json`, 'tsconfig.json'],
        args: [module('ts-node', 'dist', 'bin.js'), 'main.ts'],
        prints: delivered,
      }),
    ),
    ...['esbuild', 'webpack', 'rollup', 'vite'].map((bundler) => bundle(bundler, 'main.js', 'out/main.mjs')),
    ...['esbuild', 'webpack'].map((bundler) => bundle(bundler, 'main.cjs', 'out/main.cjs')),
  ];
}

/** The ES modules and the CommonJS modules of the package in one process. */
function copiesUses(runtime, node) {
  const step = { command: node, args: ['--no-warnings', 'copies.mjs'], prints: 'ok\n' };
  return [{ runtime, check: 'two copies', tools: undefined, consumer: 'copies', steps: [step] }];
}

/** Tools are reinstalled only if the lockfile changed. */
function installTools(folder) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs)
    return;
  execFileSync('npm', ['ci', '--silent', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

/** The tools are found in the folder above, as in a monorepo. The package is a copy in the consumer's own folder. */
function createConsumer(project, here, folder, tools, consumer) {
  const own = join(folder, 'consumer');
  cpSync(join(here, 'consumers', consumer), own, { recursive: true });
  if (tools !== undefined) symlinkSync(join(here, 'tools', tools, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(own, 'node_modules'));
  for (const name of ['segment-onesignal', 'ky'])
    cpSync(join(project, 'node_modules', name), join(own, 'node_modules', name), { recursive: true });
  return own;
}

async function runSteps(folder, steps) {
  for (const { rename, command = process.execPath, args, prints } of steps) {
    if (rename !== undefined) renameSync(join(folder, rename[0]), join(folder, rename[1]));
    const { code, output, problems } = await run(command, args, folder);
    if (code !== 0) return `exited with ${code}: ${output}${problems}`;
    if (prints !== undefined && output !== prints) return `expected ${JSON.stringify(prints)}, received: ${output}`;
  }
  return undefined;
}

function run(command, args, cwd) {
  return new Promise((resolve) => {
    const env = { ...process.env, CI: 'true', FORCE_COLOR: '0' };
    const child = spawn(command, args, { cwd, env, timeout: limitMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let problems = '';
    child.stdout.on('data', (part) => {
      output += part;
    });
    child.stderr.on('data', (part) => {
      problems += part;
    });
    child.on('error', (error) => resolve({ code: 1, output, problems: String(error) }));
    child.on('close', (code) => resolve({ code, output, problems }));
  });
}
