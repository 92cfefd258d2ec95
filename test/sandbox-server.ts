import { createServer } from 'node:http';
import { afterEach, expect } from 'vitest';
import { toNodeListener } from '../src/node/index.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/index.js';
import { listen } from './listen.js';
import { type DescribedResponse, openapiPath, validateRequests, validateResponses } from './openapi.js';

/** A sandbox that can be reached both ways: `sandbox.fetch` in process, `url` over real HTTP. */
export interface SandboxServer {
  sandbox: Sandbox;
  /** `http://127.0.0.1:54321`, without a slash at the end. */
  url: string;
  /** Closes the server now. After the test it closes by itself. */
  close(): Promise<void>;
}

/** How {@link startSandbox} treats the test's own requests. */
export interface Validation {
  /**
   * `false` in tests that send requests that OneSignal must refuse. All others prove that they send only requests that
   * OneSignal's API description allows.
   */
  validate?: boolean;
}

/** The requests and answers of a sandbox, which are validated after the test. */
interface Started {
  server: SandboxServer;
  isValidated: boolean;
  answers: DescribedResponse[];
}

const started: Started[] = [];

/**
 * Starts a sandbox on a free port of this machine. After each test it is closed, and every request that it got is
 * validated against OneSignal's API description if `ONESIGNAL_OPENAPI` names one.
 */
export async function startSandbox(
  options: SandboxOptions = {},
  { validate = true }: Validation = {},
): Promise<SandboxServer> {
  const isValidated = validate && openapiPath !== undefined;
  const answers: DescribedResponse[] = [];
  const bare = createSandbox(options);
  const sandbox = isValidated ? observe(bare, (answer) => answers.push(answer)) : bare;
  const running = { sandbox, ...(await listen(createServer(toNodeListener(sandbox.fetch)))) };
  started.push({ server: running, isValidated, answers });
  return running;
}

/**
 * The same sandbox, which reports its answers until a test sets a status itself, because OneSignal's description does
 * not cover such an answer.
 */
function observe(sandbox: Sandbox, tell: (answer: DescribedResponse) => void): Sandbox {
  let answersItself = true;
  return {
    ...sandbox,
    fail(fault) {
      answersItself &&= fault.status === undefined;
      return sandbox.fail(fault);
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const { method } = request;
      const { pathname, search } = new URL(request.url);
      const response = await sandbox.fetch(request);
      const path = `${pathname.replace(/^\/api\/v1(?=\/)/, '')}${search}`;
      if (answersItself && response.headers.get('content-type')?.includes('json'))
        tell({ method, path, status: response.status, body: await response.clone().json() });
      return response;
    },
  };
}

afterEach(async () => {
  for (const { server, isValidated, answers } of started.splice(0)) {
    await server.close();
    if (!isValidated) continue;
    expect(validateRequests(server.sandbox.requests())).toEqual([]);
    expect(validateResponses(answers)).toEqual([]);
  }
});
