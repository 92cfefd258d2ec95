// Runs the project of docs/testing.md in Jest with the packed package, without the parts that are specific to Vitest.
// The tools are those of `consumers.mjs`, which installs them.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const limitMs = 180_000;
const jestConfig = { name: 'testing-guide', private: true, jest: { preset: 'ts-jest' } };

/** One result per version of Jest. `here` is this folder, and `project` is one with the packed package installed. */
export async function runJestGuide({ here, project, versions = ['29', '30'] }) {
  const results = [];
  for (const version of versions) {
    const folder = join(project, 'jest-guide', version);
    const own = createProject(project, join(here, 'tools', `jest-${version}`, 'node_modules'), folder);
    const runtime = `Jest ${version}`;
    results.push({ runtime, check: 'guide', problem: await problemOf(own, '9 passed, 9 total') });
    rmSync(join(own, 'test', 'plans', 'signup.json'));
    const problem = await problemOf(own, 'is missing. Run the tests with UPDATE_GOLDEN=1');
    results.push({ runtime, check: 'golden file missing', problem });
    const update = await problemOf(own, '9 passed, 9 total', { UPDATE_GOLDEN: '1' });
    results.push({ runtime, check: 'golden file written', problem: update });
  }
  return results;
}

/** The tools are found in the folder above, as in a monorepo. The package is a copy in the project's own folder. */
function createProject(project, tools, folder) {
  const own = join(folder, 'project');
  mkdirSync(join(own, 'node_modules'), { recursive: true });
  symlinkSync(tools, join(folder, 'node_modules'));
  for (const name of ['segment-onesignal', 'ky'])
    cpSync(join(project, 'node_modules', name), join(own, 'node_modules', name), { recursive: true });
  writeFileSync(join(own, 'package.json'), JSON.stringify(jestConfig));

  const guide = readFileSync(join(own, 'node_modules', 'segment-onesignal', 'docs', 'testing.md'), 'utf8');
  const [declaration = ''] = /^declare global \{[\s\S]*?^\}/m.exec(guide) ?? [];
  for (const [, title, code] of guide.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)) {
    const file = join(own, title);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      code
        .replace(/^import .* from 'vitest';\n/m, '')
        .replace(/^declare module 'vitest' \{[\s\S]*?^\}/m, declaration)
        .replace('testGoldenFiles({ test, ', 'testGoldenFiles({ '),
    );
  }
  return own;
}

/** Returns a problem if Jest does not print these words. */
async function problemOf(cwd, words, more = {}) {
  const { UPDATE_GOLDEN: _, ...env } = process.env;
  const jest = join(cwd, '..', 'node_modules', 'jest', 'bin', 'jest.js');
  const output = await new Promise((resolve) => {
    const child = spawn(process.execPath, [jest], {
      cwd,
      env: { ...env, ...more, CI: 'true', FORCE_COLOR: '0' },
      timeout: limitMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part) => {
        text += part;
      });
    child.on('error', (error) => resolve(String(error)));
    child.on('close', () => resolve(text));
  });
  return output.includes(words) ? undefined : `expected ${JSON.stringify(words)}, received: ${output}`;
}
