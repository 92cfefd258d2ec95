// Runs examples on the hosts they are written for, in a project in which the packed package is installed.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const settings = {
  ONESIGNAL_APP_ID: '3f1f9c1e-6d52-4c3b-9d0e-5f2b8a7c6d10',
  ONESIGNAL_API_KEY: 'os-key',
  SEGMENT_SECRET: 'shh',
};
const event = { type: 'identify', userId: 'u1', traits: { firstName: 'Zoë' } };

/** One result per example: whether it accepts a signed event, refuses a forged one, and sets the tag in OneSignal. */
export async function runExamples({ project, bin, bundle, miniflare, createSandbox, toNodeListener }) {
  const sandbox = () => createSandbox({ unknownUsers: 'known', apiKey: settings.ONESIGNAL_API_KEY });
  const preload = join(project, 'redirect-onesignal.mjs');

  const asProcess = async (command, argsFor) => {
    const own = sandbox();
    const server = await listen(createServer(toNodeListener(own.fetch)));
    const port = await freePort();
    const env = {
      ...process.env,
      ...settings,
      DENO_NO_UPDATE_CHECK: '1',
      PORT: String(port),
      ONESIGNAL_SANDBOX: `http://127.0.0.1:${server.address().port}`,
    };
    const child = spawn(command, argsFor(String(port)), { cwd: project, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let problems = '';
    child.stderr.on('data', (part) => {
      problems += part;
    });
    try {
      return await tryIt(own, (init) => fetch(`http://127.0.0.1:${port}/segment`, init));
    } catch (error) {
      throw new Error(`${error.message}\n${problems}`);
    } finally {
      child.kill('SIGKILL');
      server.close();
      server.closeAllConnections();
    }
  };

  const asWorker = async () => {
    const own = sandbox();
    const worker = new miniflare.Miniflare({
      modules: true,
      script: bundle('hono-worker.ts'),
      compatibilityDate: '2026-04-01',
      cf: false,
      bindings: settings,
      // Intercepts every fetch of the worker. They all go to OneSignal.
      outboundService: async (request) => {
        const body = request.method === 'GET' ? {} : { body: await request.text() };
        const {
          status,
          headers,
          body: answer,
        } = await toResponse(
          own.fetch(request.url, { method: request.method, headers: [...request.headers], ...body }),
        );
        return new miniflare.Response(answer, { status, headers });
      },
    });
    try {
      return await tryIt(own, (init) => worker.dispatchFetch('http://worker.test/segment', init));
    } finally {
      await worker.dispose();
    }
  };

  const examples = {
    'bun.ts': () => asProcess(bin('bun'), () => ['--preload', preload, 'bun.ts']),
    'deno.ts': () => {
      // `deno serve` ignores --preload.
      const entry = join(project, 'deno-redirected.mjs');
      writeFileSync(entry, "import './redirect-onesignal.mjs';\nexport { default } from './deno.ts';\n");
      return asProcess(bin('deno'), (port) => ['serve', '--allow-env', '--allow-net', '--port', port, entry]);
    },
    'hono-worker.ts': asWorker,
  };
  const results = [];
  for (const [check, example] of Object.entries(examples)) {
    const problem = await example().then(
      () => undefined,
      (error) => String(error?.stack ?? error),
    );
    results.push({ runtime: 'examples', check, problem });
  }
  return results;
}

async function toResponse(answered) {
  const response = await answered;
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

async function tryIt(sandbox, send) {
  const body = JSON.stringify(event);
  const post = (secret) =>
    send({ method: 'POST', body, headers: { 'x-signature': createHmac('sha1', secret).update(body).digest('hex') } });
  const refused = await untilItListens(() => post('guessed'));
  if (refused.status !== 401) throw new Error(`A forged signature was answered ${refused.status}`);
  const taken = await post('shh');
  const answer = await taken.text();
  const tags = JSON.stringify(sandbox.user('u1')?.tags);
  if (taken.status !== 200 || tags !== '{"first_name":"Zoë"}')
    throw new Error(`A signed event was answered ${taken.status} ${answer}; the tags are ${tags}`);
}

async function untilItListens(post) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const response = await post().catch(() => undefined);
    if (response !== undefined) return response;
    await wait(50);
  }
  throw new Error('The example does not listen on its port');
}

async function freePort() {
  const server = await listen(createServer());
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
