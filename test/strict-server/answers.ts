/** An answer before it becomes a response. A string is sent as HTML, anything else as JSON. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}

/** Ends a request with this answer, from any call depth. */
export class Refusal extends Error {
  readonly answer: Answer;
  /** The rule that the client broke; `undefined` if a correct client has to expect this answer. */
  readonly rule: 'body' | 'properties' | undefined;

  constructor(refused: Answer, rule?: Refusal['rule'], problem = `refused with ${refused.status}`) {
    super(problem);
    this.answer = refused;
    this.rule = rule;
  }
}

/** The envelope that users and subscriptions use. */
export function structured(status: number, code: string, title: string, meta?: Record<string, string>): Answer {
  return answer(status, { errors: [meta === undefined ? { code, title } : { code, title, meta }] });
}

/** The envelope that segments use. */
export function basic(status: number, error: string): Answer {
  return answer(status, { success: false, errors: [error] });
}

/** The answer to a body that no correct client sends. */
export function invalid(problem: string): Refusal {
  return new Refusal(structured(400, 'invalid', problem), 'body', problem);
}

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A part of a body that must be an object if it is present. */
export function objectIn(body: Json, name: string): Json {
  const value = body[name] ?? {};
  if (!isJson(value)) throw invalid(`${name} must be an object`);
  return value;
}

/** A part of a body that must be an array of objects if it is present. */
export function arrayIn(body: Json, name: string): Json[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every(isJson)) throw invalid(`${name} must be an array of objects`);
  return value;
}
