import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './code-blocks.js';

/** The file of the list, so that a change to the public API shows in review. */
export const publicApiFile = join(root, 'test', 'public-api.md');

const printer = ts.createPrinter({ removeComments: true });

/** Everything that each entry point of the built package exports, with its declaration. */
export function publicApi(): string {
  const entries = entryTypes();
  const program = ts.createProgram(Object.values(entries), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    noEmit: true,
  });
  const listed = new Map<ts.Symbol, string>();
  const sections = Object.entries(entries).map(([entry, file]) => {
    const exports = exportsOf(program, file).map(({ name, symbol, isType }) => {
      const known = listed.get(symbol);
      if (known !== undefined) return `// ${name}: as in ${known}`;
      listed.set(symbol, entry);
      const text = declarationOf(symbol);
      return isType && symbol.flags & ts.SymbolFlags.Value ? `// ${name}: only the type is exported\n${text}` : text;
    });
    return `## ${entry}\n\n\`\`\`ts\n${exports.join('\n')}\n\`\`\`\n`;
  });
  const intro = 'Every export of every entry point, with its declaration. `npm run public-api` writes this file.';
  return `# Public API\n\n${intro}\n\n${sections.join('\n')}`;
}

/** The types of each entry point, by the name under which it is imported. */
function entryTypes(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const typed = Object.entries<{ import?: { types: string } }>(exports).flatMap(([path, conditions]) =>
    conditions.import === undefined
      ? []
      : [[path.replace('.', 'segment-onesignal'), join(root, conditions.import.types)]],
  );
  return Object.fromEntries(typed);
}

interface Export {
  name: string;
  symbol: ts.Symbol;
  /** Whether it is exported with `export type`. */
  isType: boolean;
}

function exportsOf(program: ts.Program, file: string): Export[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is not built. Run npm run build first.`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({
      name: symbol.name,
      symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      isType: symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) === true,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function declarationOf(symbol: ts.Symbol): string {
  const texts = (symbol.declarations ?? []).map((declaration) => {
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  });
  return texts.join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(publicApiFile, publicApi());
