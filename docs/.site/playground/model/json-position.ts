/** Where in JSON a position is, even if the JSON is not complete yet. */
export interface JsonPosition {
  /** Whether a name or a value can stand there. */
  readonly part: 'name' | 'value';
  /** Names of the objects and arrays around it: `['nested']`. An array has no name of its own. */
  readonly path: readonly string[];
  /** Whether the innermost of them is an array. */
  readonly isInArray: boolean;
  /** Names that the object has before the position. */
  readonly names: readonly string[];
  /** Where the word at the position begins, with its quote. */
  readonly from: number;
}

interface Level {
  readonly isArray: boolean;
  /** The path of what the level holds now. */
  name: string | undefined;
  readonly names: string[];
}

const token = /"(?:[^"\\\n]|\\.)*("?)|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Reads JSON up to a position. */
export function positionIn(text: string, position: number): JsonPosition | undefined {
  const levels: Level[] = [];
  let last: { readonly text: string; readonly from: number } | undefined;
  for (const match of text.slice(0, position).matchAll(token)) {
    const [word, quote] = match;
    last = { text: word, from: match.index };
    const level = levels.at(-1);
    if (word === '{' || word === '[') levels.push({ isArray: word === '[', name: undefined, names: [] });
    else if (word === '}' || word === ']') levels.pop();
    else if (word === ',' && level !== undefined && !level.isArray) level.name = undefined;
    else if (quote === '"' && level !== undefined && !level.isArray && level.name === undefined) {
      const after = text.slice(match.index + word.length);
      if (/^\s*:/.test(after)) {
        level.name = word.slice(1, -1);
        level.names.push(level.name);
      }
    }
  }
  const level = levels.at(-1);
  if (level === undefined) return undefined;
  const isWord = last !== undefined && !/^[{}[\],:]$/.test(last.text);
  const touches = last !== undefined && isWord && last.from + last.text.length === position;
  // After a complete string comes a comma.
  if (isWord && (!touches || /^".*"$/.test(last?.text ?? ''))) return undefined;
  return {
    part: level.isArray || level.name !== undefined ? 'value' : 'name',
    path: levels.flatMap(({ name }) => name ?? []),
    isInArray: level.isArray,
    names: level.names,
    from: touches ? (last?.from ?? position) : position,
  };
}
