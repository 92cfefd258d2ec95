import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { root } from './code-blocks.js';

const file = join(root, 'test', 'in-an-editor.ts');
const text = `import { createDestination } from '../src/index.js';
createDestination({
  appId: 'a',
  apiKey: 'k',
  mapping: { customEvents: { only: ['Signed Up'], tags: 'keep' }, nested: { maxDepth: 2 }, exclude: ['ssn'] },
  delivery: { timeoutMs: 5 },
});
`;

/** The language service that editors use, on a file that exists only in memory. */
const service = (() => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const read = (name: string) => (name === file ? text : ts.sys.readFile(name));
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => ts.ScriptSnapshot.fromString(read(name) ?? ''),
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    useCaseSensitiveFileNames: () => true,
  });
})();

/** The text that an editor shows over a place in the file. */
function hoverOver(place: string): { documentation: string; defaultValue: string } {
  const info = service.getQuickInfoAtPosition(file, text.indexOf(place));
  const tag = info?.tags?.find(({ name }) => name === 'defaultValue');
  return {
    documentation: ts.displayPartsToString(info?.documentation),
    defaultValue: ts.displayPartsToString(tag?.text),
  };
}

/** The declaration of an export of the library. */
function declarationOf(name: string, checker: ts.TypeChecker | undefined): ts.Declaration | undefined {
  const index = service.getProgram()?.getSourceFile(join(root, 'src', 'index.ts'));
  const module = index && checker?.getSymbolAtLocation(index);
  const found = module && checker?.getExportsOfModule(module).find((one) => one.name === name);
  return found && checker?.getAliasedSymbol(found).declarations?.[0];
}

// Loading the compiler's libraries takes most of the time.
describe('an editor', { timeout: 120_000 }, () => {
  test.each([
    ['customEvents:', /^Sends track events as custom events/, 'false'],
    ['only:', /^Limits custom events/, 'all track events'],
    ['tags:', /^Whether the event is sent as tags as well/, "'keep'"],
    ['nested:', /^Whether objects are dropped/, "'drop'"],
    ['maxDepth:', /^Number of levels/, '3'],
    ['exclude:', /^Traits and properties that are never sent/, 'none'],
    ['timeoutMs:', /^Timeout of one attempt in milliseconds/, '30_000'],
  ])('shows the documentation of %s inside createDestination', (place, documentation, defaultValue) => {
    expect(hoverOver(place)).toEqual({ documentation: expect.stringMatching(documentation), defaultValue });
  });

  test.each([
    ['MappingOptions', 25],
    ['TagOptions', 16],
  ])('shows %s as an interface whose options all state their default', (name, count) => {
    const checker = service.getProgram()?.getTypeChecker();
    const declared = declarationOf(name, checker);
    const options = (declared && checker?.getTypeAtLocation(declared).getProperties()) ?? [];
    expect(declared && ts.isInterfaceDeclaration(declared)).toBe(true);
    expect(options).toHaveLength(count);
    const lacking = options.filter(
      (option) => !option.getJsDocTags(checker).some((tag) => tag.name === 'defaultValue'),
    );
    expect(lacking.map((option) => option.name)).toEqual([]);
  });
});
