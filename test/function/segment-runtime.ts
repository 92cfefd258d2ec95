import nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { SegmentFunction } from '../../src/function/index.js';
import { root } from '../code-blocks.js';

/** The HTTP client that Segment's runtime has for `fetch`, in its very version. */
const nodeFetch = createRequire(import.meta.url)('node-fetch2');

/** How Segment runs the pasted code: its published shim wraps it into a function whose parameters are the handlers; a plain script is the other likely way. */
export type Form = 'wrapped' | 'script';

export interface RuntimeOptions {
  form?: Form;
  /** Where OneSignal's host is on this machine. */
  url: string;
  /** How many milliseconds of the function's are one of the clock's. */
  haste?: number;
  /** Globals to leave away. */
  without?: readonly string[];
}

/** A container of Segment's with the pasted file in it. */
export interface Container {
  handlers: SegmentFunction;
  /** Evaluates an expression among its globals. */
  evaluate(expression: string): unknown;
  /** The longest time that any timer was set to, milliseconds. */
  longestTimerMs(): number;
}

export const code: string = readFileSync(join(root, 'dist', 'segment-function.js'), 'utf8');

const names = ['onIdentify', 'onTrack', 'onPage', 'onScreen', 'onGroup', 'onAlias', 'onDelete', 'onBatch'];
const answer = `({ ${names.join(', ')} })`;

/** Starts a container with the globals that Segment's published shim gives, and no others. */
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
