// Runs the packed package, not src, on every supported runtime and with the tools of its consumers, and three examples on
// the hosts they are written for.
// Prints a table, and exits with a non-zero code on a failure.
//
//     npm run test:runtimes
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runConsumers } from './consumers.mjs';
import { runExamples } from './examples.mjs';
import { runJestGuide } from './jest-guide.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');
const limitMs = 60_000;

const project = installPackage();
const results = [];
try {
  installRuntimes();
  const load = (entry) => import(pathToFileURL(join(project, 'node_modules', 'segment-onesignal', 'dist', entry)).href);
  const { createSandbox } = await load('sandbox.js');
  const { toNodeListener } = await load('node.js');
  const server = createServer(toNodeListener(createSandbox({ unknownUsers: 'known' }).fetch));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sandboxUrl = `http://127.0.0.1:${server.address().port}`;
  const bin = (name) => join(here, 'node_modules', '.bin', name);

  const nodes = [];
  for (const line of [20, 22, 24, 26]) {
    const node = join(here, 'node_modules', `node-${line}-${process.platform}-${process.arch}`, 'bin', 'node');
    const runtime = `Node ${line}`;
    if (!existsSync(node)) {
      results.push({
        runtime,
        check: 'install',
        problem: `there is no binary for ${process.platform} ${process.arch}`,
      });
      continue;
    }
    nodes.push({ runtime, node });
    const outputs = [
      await run(node, ['smoke-process.mjs'], sandboxUrl),
      await run(node, ['--no-warnings', 'smoke-require.cjs'], sandboxUrl),
    ];
    for (const output of outputs) report(runtime, output);
  }
  report('Bun', await run(bin('bun'), ['smoke-process.mjs'], sandboxUrl));
  report('Deno', await run(bin('deno'), ['run', '--allow-net', '--allow-env', 'smoke-process.mjs'], sandboxUrl));
  const miniflare = createRequire(join(here, 'package.json'))('miniflare');
  const worker = new miniflare.Miniflare({
    modules: true,
    script: bundle('smoke-worker.mjs'),
    compatibilityDate: '2026-04-01',
    cf: false,
    bindings: { SANDBOX_URL: sandboxUrl },
  });
  report('workerd', await worker.dispatchFetch('http://worker.test/').then((response) => response.text()));
  await worker.dispose();
  server.close();
  server.closeAllConnections();

  results.push(...(await runExamples({ project, bin, bundle, miniflare, createSandbox, toNodeListener })));
  results.push(...(await runConsumers({ here, project, nodes })));
  // Needs the tools that the consumer checks install.
  results.push(...(await runJestGuide({ here, project })));
} finally {
  rmSync(project, { recursive: true });
}
printTable();
process.exitCode = results.some(({ problem }) => problem !== undefined) ? 1 : 0;

/** Creates a project outside the repository with the package installed as `npm publish` would publish it. */
function installPackage() {
  const folder = mkdtempSync(join(tmpdir(), 'segment-onesignal-runtimes-'));
  const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ filename: tarball }] = JSON.parse(packed);
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--silent', `./${tarball}`, `hono@${devDependencies.hono}`], {
    cwd: folder,
    stdio: 'inherit',
  });
  for (const file of ['smoke.mjs', 'smoke-process.mjs', 'smoke-worker.mjs', 'smoke-require.cjs']) {
    copyFileSync(join(here, file), join(folder, file));
  }
  for (const file of ['bun.ts', 'deno.ts', 'hono-worker.ts'])
    copyFileSync(join(root, 'examples', file), join(folder, file));
  copyFileSync(join(root, 'test', 'examples', 'redirect-onesignal.mjs'), join(folder, 'redirect-onesignal.mjs'));
  return folder;
}

/**
 * The runtimes take more than a gigabyte, so they are not root dependencies and are reinstalled only if the lockfile
 * changed.
 */
function installRuntimes() {
  const installed = join(here, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs) return;
  execFileSync('npm', ['ci', '--silent'], { cwd: here, stdio: 'inherit' });
}

/** Returns the output of a process, with a failed check at its end if the process failed. */
function run(command, args, sandboxUrl) {
  return new Promise((resolve) => {
    const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1', SANDBOX_URL: sandboxUrl };
    const child = spawn(command, args, { cwd: project, env, timeout: limitMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (part) => {
      output += part;
    });
    let problems = '';
    child.stderr.on('data', (part) => {
      problems += part;
    });
    child.on('error', (error) => resolve(failed(String(error))));
    child.on('close', (code) =>
      resolve(code === 0 ? output : `${output}${failed(`exited with ${code}: ${problems}`)}`),
    );
  });
}

function failed(problem) {
  return `${JSON.stringify({ name: 'process', problem })}\n`;
}

function bundle(entry) {
  const { buildSync } = createRequire(join(here, 'package.json'))('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(project, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
  });
  return outputFiles[0].text;
}

/** Parses checks as JSON: either one per line, or an array. */
function report(runtime, output) {
  const checks = output.startsWith('[')
    ? JSON.parse(output)
    : output
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
  if (checks.length === 0) checks.push({ name: 'process', problem: 'The process printed nothing' });
  for (const { name, problem } of checks) results.push({ runtime, check: name, problem });
}

function printTable() {
  const runtimes = [...new Set(results.map(({ runtime }) => runtime))];
  const width = Math.max(...runtimes.map(({ length }) => length));
  for (const runtime of runtimes) {
    const own = results.filter((result) => result.runtime === runtime);
    const marks = own.map(({ check, problem }) => `${problem === undefined ? 'ok' : 'FAILED'} ${check}`);
    console.log(`${runtime.padEnd(width)}  ${marks.join(' · ')}`);
  }
  for (const { runtime, check, problem } of results)
    if (problem !== undefined) console.log(`\n${runtime}, ${check}: ${problem}`);
}
