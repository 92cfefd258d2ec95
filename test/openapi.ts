import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/**
 * One thing that OneSignal's API description does not allow: `POST /apps/{app_id}/segments: /filters must NOT have
 * fewer than 1 items`.
 */
export type Violation = string;

/** A request as data. */
export interface DescribedRequest {
  method: string;
  /** Starts with `/apps`, and includes the query. */
  path: string;
  body?: unknown;
}

/** An answer as data, with the request that it is for. */
export interface DescribedResponse extends DescribedRequest {
  status: number;
}

/**
 * The path of OneSignal's API description. If it is not set, nothing is validated, and the description's test shows as
 * skipped.
 */
export const openapiPath = process.env.ONESIGNAL_OPENAPI;

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isJson(inner) ? inner[key] : undefined), value);

/**
 * The places where the description is wrong about a documented fact, or contradicts itself. Everything else in it is
 * used unchanged.
 */
const deviations: readonly {
  why: string;
  pathSuffix: string;
  methods: readonly string[];
  mend: (operation: Json) => void;
}[] = [
  {
    why: 'filters: oneOf of Filter and Operator, but Operator requires nothing, so that every valid filter matches both and oneOf refuses it; anyOf is meant',
    pathSuffix: '/segments',
    methods: ['post'],
    mend: allowEitherKindOfFilter,
  },
  {
    why: 'the same where a segment is updated and where its filters are read',
    pathSuffix: '/segments/{segment_id}',
    methods: ['get', 'patch'],
    mend: allowEitherKindOfFilter,
  },
  {
    why: 'a subscription is updated by the fields that change: the page of Update subscription requires neither type nor token, the schema is that of creation',
    pathSuffix: '/subscriptions/{subscription_id}',
    methods: ['patch'],
    mend: requireNoSubscriptionField,
  },
  {
    why: 'by token: type and token stand in the path, and are required in the body without being among its properties',
    pathSuffix: '/subscriptions_by_token/{token_type}/{token}',
    methods: ['patch'],
    mend: requireNoSubscriptionField,
  },
  {
    why: 'the answer of Update user types lat and long as integers, its request as numbers',
    pathSuffix: '/users/by/{alias_label}/{alias_id}',
    methods: ['patch'],
    mend(operation) {
      const echo = at(
        operation,
        'responses',
        '202',
        'content',
        'application/json',
        'schema',
        'properties',
        'properties',
        'properties',
      );
      if (isJson(echo)) Object.assign(echo, { lat: { type: 'number' }, long: { type: 'number' } });
    },
  },
];

function allowEitherKindOfFilter(operation: Json): void {
  const answer = at(operation, 'responses', '200', 'content', 'application/json', 'schema', 'properties', 'payload');
  for (const owner of [bodySchema(operation), answer]) makeAnyOf(at(owner, 'properties', 'filters', 'items'));
}

function makeAnyOf(items: unknown): void {
  if (!isJson(items) || items.oneOf === undefined) return;
  items.anyOf = items.oneOf;
  delete items.oneOf;
}

function requireNoSubscriptionField(operation: Json): void {
  const subscription = at(bodySchema(operation), 'properties', 'subscription');
  if (isJson(subscription)) delete subscription.required;
}

const bodySchema = (operation: Json) => at(operation, 'requestBody', 'content', 'application/json', 'schema');

interface Described {
  name: string;
  method: string;
  pattern: RegExp;
  body?: ValidateFunction;
  /** The path's parameters, in the order of the pattern's groups. */
  parameters: { name: string; validate: ValidateFunction }[];
  query: Map<string, ValidateFunction>;
  responses: Map<string, ValidateFunction | undefined>;
}

function describe(file: string): Described[] {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
  addFormats.default(ajv);
  // A keyword that the description invents, at tags.
  ajv.addFormat('json', true);
  ajv.addSchema({ components: at(document, 'components') }, 'description');
  const compile = (schema: Json) => ajv.compile(pointToDescription(schema));
  const paths = at(document, 'paths');
  return Object.entries(isJson(paths) ? paths : {})
    .filter(([path]) => /\/(users|subscriptions|subscriptions_by_token|segments|custom_events)\b/.test(path))
    .flatMap(([path, operations]) =>
      ['get', 'post', 'patch', 'delete'].flatMap((method): Described[] => {
        const operation = at(operations, method);
        if (!isJson(operation)) return [];
        for (const deviation of deviations)
          if (path.endsWith(deviation.pathSuffix) && deviation.methods.includes(method)) deviation.mend(operation);
        const schema = bodySchema(operation);
        const parameters = Array.isArray(operation.parameters) ? operation.parameters.filter(isJson) : [];
        const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
        const schemaOf = (name: string, where: string) => {
          const found = parameters.find((parameter) => parameter.name === name && parameter.in === where)?.schema;
          return compile(isJson(found) ? found : {});
        };
        const answers = isJson(operation.responses) ? operation.responses : {};
        return [
          {
            name: `${method.toUpperCase()} ${path}`,
            method: method.toUpperCase(),
            pattern: new RegExp(`^${path.replace(/[.?+]/g, '\\$&').replace(/\{\w+\}/g, '([^/]+)')}$`),
            ...(isJson(schema) ? { body: compile(schema) } : {}),
            parameters: names.map((name) => ({ name, validate: schemaOf(name, 'path') })),
            query: new Map(
              parameters
                .filter((parameter) => parameter.in === 'query')
                .map((parameter) => [String(parameter.name), schemaOf(String(parameter.name), 'query')]),
            ),
            responses: new Map(
              Object.entries(answers).map(([status, answer]) => {
                const answerSchema = at(answer, 'content', 'application/json', 'schema');
                return [status, isJson(answerSchema) ? compile(answerSchema) : undefined];
              }),
            ),
          },
        ];
      }),
    );
}

/** References lead into the document, which ajv knows by another name. */
function pointToDescription(schema: Json): Json {
  const pointed: unknown = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"description#/components/'));
  return isJson(pointed) ? pointed : {};
}

let described: Described[] | undefined;
const operations = (): Described[] => {
  described ??= openapiPath === undefined ? [] : describe(openapiPath);
  return described;
};

/** The problems that OneSignal's API description has with these requests; none if the description is not set. */
export function validateRequests(requests: readonly DescribedRequest[]): Violation[] {
  if (openapiPath === undefined) return [];
  return requests.flatMap(({ method, path, body }) => {
    const { pathname, searchParams } = new URL(path, 'http://description');
    const operation = find(method, pathname);
    if (operation === undefined) return [`${method} ${path.replace(/by\/.*/, 'by/…')}: no such operation`];
    const values = operation.pattern.exec(pathname)?.slice(1) ?? [];
    return [
      ...operation.parameters.flatMap(({ name, validate }, index) =>
        complaints(operation.name, `{${name}}`, validate, decodeURIComponent(values[index] ?? '')),
      ),
      ...[...searchParams].flatMap(([name, value]) => {
        const validate = operation.query.get(name);
        if (validate === undefined) return [`${operation.name}: no parameter ${name}`];
        return complaints(operation.name, `?${name}`, validate, fromQuery(value));
      }),
      ...(operation.body === undefined
        ? body === undefined
          ? []
          : [`${operation.name}: takes no body`]
        : complaints(operation.name, '', operation.body, body)),
    ];
  });
}

/** The problems that the description has with these answers. Statuses that it does not document are ignored. */
export function validateResponses(responses: readonly DescribedResponse[]): Violation[] {
  if (openapiPath === undefined) return [];
  return responses.flatMap(({ method, path, status, body }) => {
    const operation = find(method, new URL(path, 'http://description').pathname);
    const validate = operation?.responses.get(String(status));
    return operation === undefined || validate === undefined
      ? []
      : complaints(`${operation.name} ${status}`, '', validate, body);
  });
}

const find = (method: string, pathname: string) =>
  operations().find((operation) => operation.method === method && operation.pattern.test(pathname));

/** A query contains only strings, but a schema expects numbers and booleans. */
const fromQuery = (value: string): unknown => (/^(\d+|true|false)$/.test(value) ? JSON.parse(value) : value);

function complaints(name: string, where: string, validate: ValidateFunction, value: unknown): Violation[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${name}: ${where}${error.instancePath} ${error.message}`);
}
