/** As Prettier has it. */
const maxWidth = 80;

/**
 * A JSON value as a JavaScript literal, formatted as most projects do: names without quotes where they need none,
 * strings in single quotes, short values inside others on one line.
 */
export function toLiteral(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((element) => toLiteral(element, inner))
    : Object.entries(value).map(([name, field]) => `${nameOf(name)}: ${toLiteral(field, inner)}`);
  if (parts.length === 0) return open + close;
  const gap = open === '{' ? ' ' : '';
  const line = `${open}${gap}${parts.join(', ')}${gap}${close}`;
  const isShort = indent.length + line.length <= maxWidth && !line.includes('\n');
  if (isShort && (indent !== '' || parts.length === 1)) return line;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}

function nameOf(name: string): string {
  // In a literal, it would set the prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** Escapes what JSON leaves as it is but a script cannot hold. */
function quote(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}
