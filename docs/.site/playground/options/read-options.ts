import {
  type Comment,
  type DeclarationReflection,
  type ProjectReflection,
  ReferenceType,
  ReflectionKind,
  type SomeType,
} from 'typedoc';
import type { OptionDoc } from './option-doc.js';

/** The mapping options, as TypeDoc reads them from the source. */
export function readOptions(project: ProjectReflection): OptionDoc[] {
  const [options] = project
    .getReflectionsByKind(ReflectionKind.Interface)
    .filter((reflection): reflection is DeclarationReflection => reflection.name === 'MappingOptions');
  if (options === undefined) throw new Error('The sources have no interface MappingOptions.');
  return optionsIn(options);
}

function optionsIn({ children = [] }: DeclarationReflection): OptionDoc[] {
  return children.map((child) => {
    const types = partsOf(child.type).filter((type) => type.toString() !== 'undefined');
    const inside = types.flatMap((type) => declarationsOf(type));
    return {
      name: child.name,
      type: types.map((type) => (type.type === 'reflection' ? 'a function' : type.toString())).join(' | '),
      text: textOf(child.comment?.summary),
      defaultValue: defaultOf(child.comment),
      values: types.flatMap(valuesOf),
      elements: types.flatMap(elementsOf),
      options: inside.flatMap(optionsIn),
      isFunction: types.every((type) => type.type === 'reflection'),
    };
  });
}

function partsOf(type: SomeType | undefined): SomeType[] {
  if (type === undefined) return [];
  return type.type === 'union' ? type.types.flatMap(partsOf) : [type];
}

function valuesOf(type: SomeType): string[] {
  if (type.type === 'literal') return [JSON.stringify(type.value)];
  return type.type === 'intrinsic' && type.name === 'boolean' ? ['true', 'false'] : [];
}

/** The fixed elements of an array: those of `(keyof Profile)[]` are the names of `Profile`. */
function elementsOf(type: SomeType): string[] {
  if (type.type === 'typeOperator' && type.operator === 'readonly') return elementsOf(type.target);
  if (type.type !== 'array') return [];
  const { elementType } = type;
  if (elementType.type !== 'typeOperator' || elementType.operator !== 'keyof') return [];
  return declarationsOf(elementType.target).flatMap(({ children = [] }) => children.map(({ name }) => `"${name}"`));
}

function declarationsOf(type: SomeType): DeclarationReflection[] {
  if (!(type instanceof ReferenceType) || type.reflection === undefined) return [];
  return type.reflection.isDeclaration() ? [type.reflection] : [];
}

function defaultOf(comment: Comment | undefined): string | undefined {
  const text = textOf(comment?.getTag('@defaultValue')?.content);
  return text === '' ? undefined : text.replace(/^```\w*\n([\s\S]*)\n```$/, '$1');
}

function textOf(parts: Comment['summary'] = []): string {
  return parts.map((part) => (part.kind === 'inline-tag' ? `\`${part.text}\`` : part.text)).join('');
}
