import { refuse } from '../../option-rules.js';
import { isRecord } from '../../record.js';

type Filter = (text: string, args: readonly string[]) => string;

/** The filters of OneSignal's page that work on texts. */
const filters: Readonly<Record<string, Filter>> = {
  default: (text, [other = '']) => (text === '' ? other : text),
  replace: (text, [from = '', to = '']) => (from === '' ? text : text.replaceAll(from, () => to)),
  replace_first: (text, [from = '', to = '']) => text.replace(from, () => to),
  upcase: (text) => text.toUpperCase(),
  downcase: (text) => text.toLowerCase(),
  capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  strip: (text) => text.trim(),
  lstrip: (text) => text.trimStart(),
  rstrip: (text) => text.trimEnd(),
  strip_html: (text) => text.replace(/<[^<>]*>/g, ''),
  append: (text, [end = '']) => text + end,
  prepend: (text, [start = '']) => start + text,
};

const output = /\{\{(.*?)\}\}/gs;
const expression = /^\s*([\w.]+)\s*((?:\|\s*\w+\s*(?::\s*(?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*\s*)?)*)$/;
const application = /\|\s*(\w+)\s*(?::((?:\s*,?\s*(?:'[^']*'|"[^"]*"))+))?/g;

/** Renders the outputs of a Liquid template: `{{ message.title | replace: 'a', 'b' }}`. */
export function renderLiquid(template: string, data: unknown): string {
  return template.replace(output, (_, inside: string) => {
    const [, path = '', applied = ''] = expression.exec(inside) ?? [];
    return [...applied.matchAll(application)].reduce(
      (text, [, name = '', args = '']) => {
        const filter = filters[name] ?? ((unchanged) => unchanged);
        return filter(
          text,
          [...args.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? ''),
        );
      },
      textOf(valueAt(path, data)),
    );
  });
}

/**
 * Checks a template when it is set up.
 *
 * @throws {@link ConfigurationError} for an output that the sandbox cannot render.
 */
export function checkLiquid(template: string, option: string): void {
  for (const [whole, inside = ''] of template.matchAll(output)) {
    const names = [...(expression.exec(inside)?.[2]?.matchAll(application) ?? [])].map(([, name = '']) => name);
    if (!expression.test(inside) || !names.every((name) => Object.hasOwn(filters, name)))
      refuse('invalid', option, `"${option}" contains Liquid that the sandbox does not know: ${whole}`);
  }
}

function valueAt(path: string, data: unknown): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), data);
}

/** OneSignal writes objects with single quotes and escapes nothing. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (!isRecord(value)) return String(value);
  const fields = Object.entries(value).map(([name, inner]) => `'${name}':'${textOf(inner)}'`);
  return `{${fields.join(',')}}`;
}
