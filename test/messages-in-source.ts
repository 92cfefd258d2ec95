import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './code-blocks.js';

/** A message in the source, or a part of one. */
export interface Message {
  /** Relative to `src`. */
  file: string;
  /** `…` stands for each part that varies. The values of constants are filled in. */
  text: string;
  /** The code or status that comes with the message, if the source names it. */
  code?: string;
}

/**
 * The sandbox's answers imitate OneSignal's, and the contract's strings describe test cases: they are not the library's
 * messages. The errors that the sandbox throws are. The command line prints its messages for a person, who needs no list.
 */
const excluded = /^(?:transport-contract|cli\/|sandbox\/(?!check-options\.ts|segments\/segments\.ts|event-streams\/))/;

/** Constructors and functions that take a message: the position of the message, and of the code or status. */
const takers = new Map<string, { message: number; code?: number }>([
  ['ConfigurationError', { message: 2, code: 0 }],
  ['EventError', { message: 1, code: 0 }],
  ['DeliveryError', { message: 1, code: 0 }],
  ['SignatureError', { message: 1, code: 0 }],
  ['SegmentError', { message: 1, code: 0 }],
  ['TypeError', { message: 0 }],
  ['RangeError', { message: 0 }],
  ['Error', { message: 0 }],
  ['DOMException', { message: 0 }],
  ['Refusal', { message: 1, code: 0 }],
  // Functions that build one of these, or an answer.
  ['refuse', { message: 2, code: 0 }],
  ['errorOf', { message: 2, code: 1 }],
  ['mustBe', { message: 0 }],
  ['arrayOf', { message: 1 }],
  ['optionsRules', { message: 0 }],
  ['denied', { message: 0 }],
  ['respond', { message: 1, code: 0 }],
  ['answerAgain', { message: 0 }],
  ['failed', { message: 0 }],
  ['answerError', { message: 2, code: 1 }],
  ['retryError', { message: 0 }],
  ['invalidEventPayload', { message: 0 }],
  ['validationError', { message: 0 }],
  ['eventNotSupported', { message: 0 }],
  ['make', { message: 2 }],
  ['PlanAssertionError', { message: 0 }],
  ['section', { message: 0 }],
  // The messages of the schema of events.
  ['required', { message: 1 }],
  ['optional', { message: 1 }],
]);
/** Functions that return a part of a message. */
const writers = ['suggestName', 'describe', 'slipIn'];
/** Properties that hold a message or a part of one. */
const properties = ['message', 'error', 'hint', 'expected', 'problem'];

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !excluded.test(file))
  .map((file) => join(root, 'src', file));
const program = ts.createProgram(files, { noLib: true, noResolve: true });
const checker = program.getTypeChecker();
const sources = program.getSourceFiles();

/** Exported parts of sentences, by name, because the program does not resolve imports. */
const exportedConstants = new Map(
  sources
    .flatMap(({ statements }) => [...statements])
    .filter(ts.isVariableStatement)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter(({ initializer }) => initializer && ts.isStringLiteral(initializer) && initializer.text.includes(' '))
    .map((declaration) => [declaration.name.getText(), declaration]),
);

const messages: Message[] = [];
const missing = new Set<string>();
for (const source of sources) visit(source);

/** Every message in the source, file by file. */
export const messagesInSource: readonly Message[] = messages;

/**
 * Functions that pass on one of their parameters as a message, but are not listed: their callers' strings are missed.
 */
export const unknownTakers: readonly string[] = [...missing];

/** The members of a union of strings, such as `DropReason`. */
export function membersOf(union: string): string[] {
  return sources
    .flatMap(({ statements }) => [...statements])
    .filter(ts.isTypeAliasDeclaration)
    .filter(({ name }) => name.text === union)
    .flatMap(({ type }) => (ts.isUnionTypeNode(type) ? [...type.types] : [type]))
    .flatMap((member) => (ts.isLiteralTypeNode(member) ? textsOf(member.literal) : []));
}

function visit(node: ts.Node): void {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    const [taker, args] = [takers.get(callee), node.arguments ?? []];
    if (taker !== undefined) add(args[taker.message], taker.code === undefined ? undefined : args[taker.code]);
    // The messages of the schemas, such as `z.string('a string')`.
    if (callee.startsWith('z.') || callee.endsWith('.check')) for (const argument of args) add(argument);
  }
  if (ts.isPropertyAssignment(node) && properties.includes(node.name.getText()))
    add(node.initializer, statusBeside(node));
  if (ts.isShorthandPropertyAssignment(node) && properties.includes(node.name.text)) add(node.name);
  if (ts.isReturnStatement(node) && writers.includes(functionOf(node))) add(node.expression);
  ts.forEachChild(node, visit);
}

function add(message: ts.Node | undefined, code?: ts.Node): void {
  if (message === undefined) return;
  const codes = code === undefined ? [] : textsOf(code).filter((text) => text !== '…');
  const file = relative(join(root, 'src'), message.getSourceFile().fileName);
  // Messages of tests continue with a difference or a summary.
  const lines = textsOf(message).flatMap((text) => text.split('\n'));
  for (const text of lines.filter((text) => /\p{L}{2}/u.test(text))) {
    if (codes.length === 0) messages.push({ file, text });
    for (const code of codes) messages.push({ file, text, code });
  }
  const parameter = ts.isIdentifier(message) ? declarationOf(message) : undefined;
  if (parameter === undefined || !ts.isParameter(parameter) || parameter.type?.kind !== ts.SyntaxKind.StringKeyword)
    return;
  if (!takers.has(functionOf(parameter))) missing.add(`${functionOf(parameter)} in ${file}`);
}

/** The status in `{ status: 400, error: '…' }`. */
function statusBeside({ parent }: ts.PropertyAssignment): ts.Node | undefined {
  return parent.properties.filter(ts.isPropertyAssignment).find(({ name }) => name.getText() === 'status')?.initializer;
}

/** The strings that an expression can have. */
function textsOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return textsOf(node.body);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return joined([textsOf(node.left), textsOf(node.right)]);
  if (ts.isTemplateExpression(node))
    return joined([
      [node.head.text],
      ...node.templateSpans.flatMap(({ expression, literal }) => [textsOf(expression), [literal.text]]),
    ]);
  const declaration = ts.isIdentifier(node) ? declarationOf(node) : undefined;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
    ? textsOf(declaration.initializer)
    : ['…'];
}

function joined(parts: readonly string[][]): string[] {
  const texts = parts.reduce((starts, ends) => starts.flatMap((start) => ends.map((end) => start + end)), ['']);
  return texts.map((text) => text.replace(/…+/g, '…'));
}

function declarationOf(name: ts.Identifier): ts.Declaration | undefined {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  return symbol?.valueDeclaration ?? exportedConstants.get(name.text);
}

/** The name of the function that a node is in. */
function functionOf({ parent }: ts.Node): string {
  if (ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent)) return parent.name?.getText() ?? '';
  if (ts.isArrowFunction(parent) && ts.isVariableDeclaration(parent.parent)) return parent.parent.name.getText();
  if (ts.isConstructorDeclaration(parent)) return parent.parent.name?.text ?? '';
  return ts.isSourceFile(parent) ? '' : functionOf(parent);
}
