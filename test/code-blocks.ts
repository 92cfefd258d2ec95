import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** A fenced block of code in a document: its place, its language and its text. */
export interface CodeBlock {
  file: string;
  /** The path in a line like `src/mapping.ts`: right above the block. */
  title?: string;
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
  return [...text.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    ...(match[1] === undefined ? {} : { title: match[1] }),
    line: text.slice(0, match.index + match[0].indexOf('```')).split('\n').length + 1,
    language: match[2] ?? '',
    code: match[3] ?? '',
  }));
}

/**
 * The compiler's diagnostics for blocks, each compiled as a separate module: next to the README, or, if it has a title,
 * in a project with the other titled blocks of its document.
 */
export function compile(blocks: readonly CodeBlock[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const sources = new Map(
    blocks.map((block) => {
      const project = block.file.replaceAll('/', '-');
      return [
        join(root, block.title === undefined ? `${project}-${block.line}.ts` : join(project, block.title)),
        block,
      ];
    }),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  const folders = new Set([...sources.keys()].map(dirname));
  const { directoryExists } = host;
  host.directoryExists = (folder) => folders.has(folder) || directoryExists?.(folder) === true;
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
