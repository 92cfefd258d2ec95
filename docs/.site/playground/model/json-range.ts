import { jsonLanguage } from '@codemirror/lang-json';
import type { SyntaxNode } from '@lezer/common';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a value stands in JSON, or its name if the name is at fault.
 *
 * @param path - As in an error: `nested.maxDepth`, `include.0`. Names may contain dots themselves.
 * @returns The part of the path that exists: for a missing option, the name of the option that it is missing in.
 */
export function rangeOf(text: string, path: string, part: 'name' | 'value'): Range {
  const top = jsonLanguage.parser.parse(text).topNode.firstChild;
  if (top === null) return { from: 0, to: text.length };
  return find(text, top, path, part) ?? { from: top.from, to: top.to };
}

function find(text: string, node: SyntaxNode, path: string, part: 'name' | 'value'): Range | undefined {
  if (path === '') return { from: node.from, to: node.to };
  for (const { name, label, value } of childrenOf(text, node)) {
    if (name !== path && !path.startsWith(`${name}.`)) continue;
    if (name === path && part === 'name') return label;
    const inside = value === null ? undefined : find(text, value, path.slice(name.length + 1), part);
    return inside ?? label;
  }
  return undefined;
}

interface Child {
  readonly name: string;
  readonly label: Range;
  readonly value: SyntaxNode | null;
}

function childrenOf(text: string, node: SyntaxNode): Child[] {
  const values = (['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null'] as const).flatMap((type) =>
    node.getChildren(type),
  );
  if (node.name === 'Array')
    return values
      .sort((one, other) => one.from - other.from)
      .map((value, index) => ({ name: String(index), label: { from: value.from, to: value.to }, value }));
  return node.getChildren('Property').map((property) => {
    // The end of a node is a getter, which a copy would lose.
    const { from, to } = property.getChild('PropertyName') ?? property;
    return { name: nameIn(text.slice(from, to)), label: { from, to }, value: property.lastChild };
  });
}

function nameIn(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
