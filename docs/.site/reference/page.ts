import type { Export } from './write.js';

/** Units by the end of an option's name. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, 'milliseconds'],
  [/Bytes$/, 'bytes'],
];

/** Makes a page of the plugin's into one of the site's. */
export function finishPage(markdown: string, { name, kind, from }: Export): string {
  const type = kind === 'interface' || kind === 'type' ? 'type ' : '';
  const body = shortenProperties(markdown)
    .replace(/^\*\*\*\n+/gm, '')
    .replace(/^# .*\n/, '');
  const head = `---\ntitle: ${name}\npageClass: reference\n---\n\n# ${name}\n\n`;
  return `${head}\`\`\`ts\nimport { ${type}${name} } from '${from}';\n\`\`\`\n${body}`;
}

/**
 * A line with the default in place of a heading and a block, with its unit. The parameters of a property that is a
 * function are left out: its type says the same.
 */
function shortenProperties(markdown: string): string {
  let property = '';
  let skipping = false;
  return markdown
    .split(/^(?=#{2,6} )/m)
    .map((section) => {
      const [, marks = '', title = '', text = ''] = /^(#+) (.*)\n+([\s\S]*)/.exec(section) ?? [];
      if (marks.length < 4) property = /\(\)$/.test(title) ? '' : title.replace(/\W+$/, '');
      if (marks.length <= 4) skipping = property !== '' && /^(?:Parameters|Returns)$/.test(title);
      if (skipping) return '';
      if (title !== 'Default Value') return section;
      const [, code, rest = ''] = /^(?:```ts\n([\s\S]*?)\n```\n)?([\s\S]*)/.exec(text) ?? [];
      const value = code === undefined ? '' : isLiteral(code) ? `\`${code}\`` : code;
      return `**Default**: ${withUnit(value + rest.trimEnd(), property)}\n\n`;
    })
    .join('');
}

/** TypeDoc takes a default without code spans for code, although many are words: `no limit`. */
function isLiteral(code: string): boolean {
  return /^(?:'.*'|-?[\d_.,]+|true|false|null|undefined|\{.*\}|\[.*\]|[\w.]+\(.*\))$/.test(code);
}

function withUnit(value: string, option: string): string {
  const unit = units.find(([ending]) => ending.test(option))?.[1];
  return unit === undefined ? value : value.replace(/^`?\d[\d_,]*\d`?/, (number) => `${number} ${unit}`);
}
