import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** Top-level names of a declaration file that a consumer needs: declared in it, imported into it or exported again. */
export type Needed = ReadonlySet<string>;

/** Where a name comes from. Without a file, it comes from another package. */
interface Origin {
  file?: string | undefined;
  name: string;
}

interface Declarations {
  /** Names that a statement declares, with the names that it mentions. */
  declared: Map<string, Set<string>>;
  /** Names from elsewhere: imported, or exported again. */
  foreign: Map<string, Origin>;
  exported: Set<string>;
  /** Files of which everything is exported again. */
  stars: string[];
}

/** Maps each declaration file that the entries need to the names that they need from it. */
export function neededDeclarations(
  entries: readonly string[],
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, Needed> {
  const read = new Map<string, Declarations>();
  const needed = new Map<string, Set<string>>();
  const declarationsOf = (file: string): Declarations => {
    const known = read.get(file);
    if (known !== undefined) return known;
    const declarations = readDeclarations(file, files.get(file));
    read.set(file, declarations);
    for (const star of declarations.stars) {
      for (const name of declarationsOf(star).exported) {
        declarations.foreign.set(name, { file: star, name });
        declarations.exported.add(name);
      }
    }
    return declarations;
  };
  const need = (file: string, name: string): void => {
    const names = needed.get(file) ?? new Set();
    needed.set(file, names);
    if (names.has(name)) return;
    names.add(name);
    const { declared, foreign } = declarationsOf(file);
    const origin = foreign.get(name);
    if (origin?.file !== undefined) need(origin.file, origin.name);
    if (origin === undefined && !declared.has(name))
      throw new Error(`${name} is public but ${file} does not declare it. Is it @internal?`);
    for (const mentioned of declared.get(name) ?? [])
      if (declared.has(mentioned) || foreign.has(mentioned)) need(file, mentioned);
  };
  for (const entry of entries) for (const name of declarationsOf(entry).exported) need(entry, name);
  return needed;
}

function readDeclarations(file: string, text: string | undefined): Declarations {
  if (text === undefined) throw new Error(`TypeScript wrote no ${file}`);
  const result: Declarations = { declared: new Map(), foreign: new Map(), exported: new Set(), stars: [] };
  for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true).statements) {
    if (ts.isImportDeclaration(statement)) readImport(file, statement, result);
    else if (ts.isExportDeclaration(statement)) readExport(file, statement, result);
    else
      for (const name of declaredNames(statement)) {
        result.declared.set(name, new Set([...(result.declared.get(name) ?? []), ...mentionedNames(statement)]));
        if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport)) result.exported.add(name);
      }
  }
  return result;
}

function readImport(file: string, { importClause, moduleSpecifier }: ts.ImportDeclaration, result: Declarations): void {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) throw new Error(`${file} imports without names`);
  const from = fileOf(file, moduleSpecifier);
  for (const { name, propertyName } of bindings.elements)
    result.foreign.set(name.text, { file: from, name: (propertyName ?? name).text });
}

function readExport(file: string, { exportClause, moduleSpecifier }: ts.ExportDeclaration, result: Declarations): void {
  const from = fileOf(file, moduleSpecifier);
  if (exportClause === undefined && from !== undefined) result.stars.push(from);
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return;
  for (const { name, propertyName } of exportClause.elements) {
    if (from !== undefined) result.foreign.set(name.text, { file: from, name: (propertyName ?? name).text });
    result.exported.add(name.text);
  }
}

/** `undefined` if it is another package. */
function fileOf(file: string, specifier: ts.Expression | undefined): string | undefined {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return undefined;
  return resolve(dirname(file), specifier.text.replace(/\.js$/, '.d.ts'));
}

/** The top-level names that a statement declares. */
export function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name === undefined ? [] : [statement.name.text];
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) ? [statement.name.text] : [];
}

function mentionedNames(statement: ts.Statement): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !('name' in node.parent && node.parent.name === node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

function isExport({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}
