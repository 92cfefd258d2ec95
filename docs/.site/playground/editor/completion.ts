import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { type Suggestion, suggestAt } from '../options/complete.js';
import type { OptionDoc } from '../options/option-doc.js';
import { describeOption } from './describe-option.js';

/** Completes names and values of mapping options, and shows their doc comments. */
export function optionCompletion(options: readonly OptionDoc[]): Extension {
  return autocompletion({ override: [(context) => complete(context, options)], icons: false });
}

function complete(context: CompletionContext, options: readonly OptionDoc[]): CompletionResult | null {
  const text = context.state.doc.toString();
  const found = suggestAt(text, context.pos, options);
  if (found === undefined || (found.from === context.pos && !context.explicit)) return null;
  const from = text[found.from] === '"' ? found.from + 1 : found.from;
  return {
    from,
    options: found.suggestions.map((suggestion, index) => ({
      ...toCompletion(suggestion, found.part, found.from),
      // In the order of the documentation, as far as they match equally well.
      boost: -index,
    })),
    validFor: /^[\w{[]*$/,
  };
}

function toCompletion({ label, text, option }: Suggestion, part: 'name' | 'value', from: number): Completion {
  return {
    label,
    info: () => describeOption(option),
    apply(view, _completion, _from, to) {
      insert(view, { part, text, from, to });
    },
  };
}

function insert(
  view: EditorView,
  { part, text, from, to }: { part: 'name' | 'value'; text: string; from: number; to: number },
): void {
  const after = view.state.sliceDoc(to);
  // The editor closes quotes by itself.
  const isClosed = view.state.sliceDoc(from, from + 1) === '"' && after.startsWith('"');
  const rest = isClosed ? after.slice(1) : after;
  const inserted = part === 'name' && !/^\s*:/.test(rest) ? `${text}: ` : text;
  const isBracket = /^(?:\{\}|\[\])$/.test(text);
  view.dispatch({
    changes: { from, to: isClosed ? to + 1 : to, insert: inserted },
    selection: { anchor: from + inserted.length - (isBracket ? 1 : 0) },
    userEvent: 'input.complete',
  });
  if (part === 'name' || isBracket) startCompletion(view);
}
