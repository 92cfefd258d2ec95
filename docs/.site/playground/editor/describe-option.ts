import type { OptionDoc } from '../options/option-doc.js';

/** The doc comment of an option, for the panel beside the list of completions. */
export function describeOption({ type, text, defaultValue }: OptionDoc): HTMLElement {
  const panel = document.createElement('div');
  panel.className = 'playground-option';
  panel.append(element('code', type));
  for (const paragraph of text.split(/\n{2,}/)) {
    const p = element('p');
    p.append(...withCode(paragraph.replaceAll('\n', ' ')));
    panel.append(p);
  }
  if (defaultValue !== undefined) {
    const p = element('p', 'Default: ');
    p.append(
      ...withCode(/^[\w' ]+$/.test(defaultValue) && defaultValue.includes(' ') ? defaultValue : quoted(defaultValue)),
    );
    panel.append(p);
  }
  return panel;
}

function quoted(code: string): string {
  return code.includes('`') ? code : `\`${code}\``;
}

/** Text in which what stands in backticks is code. */
function withCode(text: string): Node[] {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? element('code', part) : document.createTextNode(part)));
}

function element(name: 'code' | 'p', text = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
