import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** A fenced block of code in a document: where it stands, its language and its text. */
export interface CodeBlock {
  file: string;
  line: number;
  language: string;
  code: string;
}

/** All blocks of README and docs. */
export function documentBlocks(): CodeBlock[] {
  const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.map((file) => join('docs', file))].flatMap(blocksOf);
}

/** All examples in doc comments. */
export function commentBlocks(): CodeBlock[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).flatMap((file) => blocksOf(join('src', file)));
}

function blocksOf(file: string): CodeBlock[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^ *\* ?/gm, (prefix) =>
    file.endsWith('.ts') ? '' : prefix,
  );
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }));
}

/** What the compiler says of blocks, each compiled as a module of its own beside the README. */
export function compile(blocks: readonly CodeBlock[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const sources = new Map(
    blocks.map((block) => [join(root, `${block.file.replaceAll('/', '-')}-${block.line}.ts`), block]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.code ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const block = sources.get(file);
    return block === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, `${block.code}\nexport {};`, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...sources.keys()], { ...options, noUnusedLocals: false }, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const block = file && sources.get(file.fileName);
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
    return `${block?.file}:${(block?.line ?? 0) + line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
