import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { declaredNames, type Needed, neededDeclarations } from './needed-declarations.js';

type Transformer = ts.TransformerFactory<ts.SourceFile | ts.Bundle>;

/**
 * Writes the declarations of the entry points and of everything they mention, one file per source file, so that "go to
 * definition" finds the source through a declaration map. Internal declarations are left out.
 *
 * Each file is written twice, because TypeScript takes a `.d.ts` of this package for an ES module and a `.d.cts` for
 * CommonJS. Nothing is bundled, so no file is named by a hash.
 */
export function writeDeclarations(entries: readonly string[], root: string, outDir: string): void {
  const program = declarationProgram(entries, root, outDir);
  const needed = neededDeclarations(
    entries.map((entry) => join(root, entry).replace(join(root, 'src'), outDir).replace(/\.ts$/, '.d.ts')),
    emit(program),
  );
  const keepNeeded = transformFiles((file) => onlyNeeded(file, needed.get(declarationFileOf(file, root, outDir))));
  rmSync(outDir, { recursive: true, force: true });
  for (const [file, text] of emit(program, [keepNeeded])) if (needed.has(file.replace(/\.map$/, ''))) write(file, text);
  for (const [file, text] of emit(program, [keepNeeded, transformFiles(importCommonJs)]))
    if (needed.has(file.replace(/\.map$/, ''))) write(file.replace(/\.ts(?=$|\.map$)/, '.cts'), namedCommonJs(text));
}

function declarationProgram(entries: readonly string[], root: string, outDir: string): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const files = entries.map((entry) => join(root, entry));
  return ts.createProgram(files, {
    ...options,
    noEmit: false,
    declaration: true,
    declarationMap: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: join(root, 'src'),
    outDir,
  });
}

/** Maps the path of each emitted file to its text. */
function emit(program: ts.Program, afterDeclarations: Transformer[] = []): Map<string, string> {
  const files = new Map<string, string>();
  const collect: ts.WriteFileCallback = (file, text) => files.set(resolve(file), text);
  const { diagnostics } = program.emit(undefined, collect, undefined, true, { afterDeclarations });
  if (diagnostics.length > 0)
    throw new Error(
      diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'),
    );
  return files;
}

function transformFiles(transform: (file: ts.SourceFile) => ts.SourceFile): Transformer {
  return () => (node) => (ts.isSourceFile(node) ? transform(node) : node);
}

function declarationFileOf({ fileName }: ts.SourceFile, root: string, outDir: string): string {
  return resolve(fileName).replace(join(root, 'src'), outDir).replace(/\.ts$/, '.d.ts');
}

function onlyNeeded(file: ts.SourceFile, names: Needed | undefined): ts.SourceFile {
  if (names === undefined) return file;
  const statements = file.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) return importOf(statement, names);
    if (ts.isExportDeclaration(statement)) return exportOf(statement, names);
    return declaredNames(statement).some((name) => names.has(name)) ? [statement] : [];
  });
  return ts.factory.updateSourceFile(file, statements);
}

function importOf(statement: ts.ImportDeclaration, names: Needed): ts.Statement[] {
  const { importClause, modifiers, moduleSpecifier, attributes } = statement;
  const bindings = importClause?.namedBindings;
  if (importClause === undefined || bindings === undefined || !ts.isNamedImports(bindings)) return [statement];
  const elements = bindings.elements.filter(({ name }) => names.has(name.text));
  if (elements.length === 0) return [];
  const clause = ts.factory.updateImportClause(
    importClause,
    importClause.phaseModifier,
    importClause.name,
    ts.factory.updateNamedImports(bindings, elements),
  );
  return [ts.factory.updateImportDeclaration(statement, modifiers, clause, moduleSpecifier, attributes)];
}

function exportOf(statement: ts.ExportDeclaration, names: Needed): ts.Statement[] {
  const { exportClause, modifiers, isTypeOnly, moduleSpecifier, attributes } = statement;
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [statement];
  const elements = exportClause.elements.filter(({ name }) => names.has(name.text));
  if (elements.length === 0) return [];
  const clause = ts.factory.updateNamedExports(exportClause, elements);
  return [ts.factory.updateExportDeclaration(statement, modifiers, isTypeOnly, clause, moduleSpecifier, attributes)];
}

/** Imports `./x.cjs` in place of `./x.js`. */
function importCommonJs(file: ts.SourceFile): ts.SourceFile {
  const statements = file.statements.map((statement) => {
    if (ts.isImportDeclaration(statement)) {
      const { modifiers, importClause, moduleSpecifier, attributes } = statement;
      const specifier = commonJsSpecifier(moduleSpecifier);
      return ts.factory.updateImportDeclaration(statement, modifiers, importClause, specifier, attributes);
    }
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      const { modifiers, isTypeOnly, exportClause, moduleSpecifier, attributes } = statement;
      const specifier = commonJsSpecifier(moduleSpecifier);
      return ts.factory.updateExportDeclaration(statement, modifiers, isTypeOnly, exportClause, specifier, attributes);
    }
    return statement;
  });
  return ts.factory.updateSourceFile(file, statements);
}

function commonJsSpecifier(specifier: ts.Expression): ts.Expression {
  if (!ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return specifier;
  return ts.factory.createStringLiteral(specifier.text.replace(/\.js$/, '.cjs'), true);
}

/** In a declaration map and in the reference to it. */
function namedCommonJs(text: string): string {
  return text.replace(/(\/\/# sourceMappingURL=.*|^\{"version":3,"file":"[^"]*)\.ts(?=\.map$|")/m, '$1.cts');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
