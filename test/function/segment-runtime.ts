import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { SegmentFunction } from '../../src/function/index.js';
import { root } from '../code-blocks.js';

/** The HTTP client behind `fetch` in Segment's runtime, in the same version. */
const nodeFetch = createRequire(import.meta.url)('node-fetch2');

/**
 * How Segment runs the pasted code. Its published shim wraps it in a function whose parameters are the handlers; the
 * other likely form is a plain script.
 */
export type Form = 'wrapped' | 'script';

export interface RuntimeOptions {
  form?: Form;
  /** The local URL that stands in for OneSignal. */
  url: string;
  /** Number of milliseconds that pass in the function per millisecond of real time. */
  haste?: number;
  /** Globals to omit. */
  without?: readonly string[];
}

/** A Segment container that runs the pasted file. */
export interface Container {
  handlers: SegmentFunction;
  /** Evaluates an expression with its globals. */
  evaluate(expression: string): unknown;
  /** The longest delay of any timer, in milliseconds. */
  longestTimerMs(): number;
}

export const code: string = readFileSync(join(root, 'dist', 'segment-function.js'), 'utf8');

const names = ['onIdentify', 'onTrack', 'onPage', 'onScreen', 'onGroup', 'onAlias', 'onDelete', 'onBatch'];
const answer = `({ ${names.join(', ')} })`;

/** Starts a container with the globals that Segment's published shim provides, and no others. */
export function startContainer({ form = 'wrapped', url, haste = 1, without = [] }: RuntimeOptions): Container {
  let longest = 0;
  const globals: Record<string, unknown> = {
    AWS: {},
    atob,
    btoa,
    crypto: { ...nodeCrypto, subtle: undefined, webcrypto: undefined },
    FormData: class {},
    OAuth: {},
    xml: {},
    _: {},
    console,
    Buffer,
    URL,
    URLSearchParams,
    fetch: (target: string, init: object) => nodeFetch(target.replace('https://api.onesignal.com', url), init),
    Request: nodeFetch.Request,
    Response: nodeFetch.Response,
    Headers: nodeFetch.Headers,
    setTimeout: (callback: () => void, ms: number, ...rest: []) => {
      longest = Math.max(longest, ms);
      return setTimeout(callback, ms / haste, ...rest);
    },
    clearTimeout,
    setInterval,
    clearInterval,
    Segment: {},
    window: {},
  };
  const classes = ['ValidationError', 'EventNotSupported', 'InvalidEventPayload', 'RetryError'];
  for (const name of without) delete globals[name];
  const context = createContext(globals);
  for (const name of classes.filter((name) => !without.includes(name)))
    runInContext(
      `class ${name} extends Error { name = '${name}'; isOfSegment = true }; globalThis.${name} = ${name};`,
      context,
    );
  const wrapped = `(function (exports, ${names.join(', ')}) {\n${code}\nreturn ${answer};\n})({})`;
  if (form === 'script') runInContext(code, context);
  return {
    handlers: runInContext(form === 'script' ? answer : wrapped, context),
    evaluate: (expression) => runInContext(expression, context),
    longestTimerMs: () => longest,
  };
}
