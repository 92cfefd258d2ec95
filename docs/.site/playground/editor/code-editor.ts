import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { Problem } from '../model/json-problem.js';
import { theme } from './theme.js';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What a screen reader calls the editor. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly extensions: readonly Extension[];
}

/** A JSON editor. */
export interface Editor {
  /** Replaces the text, unless it is the same, and forgets what could be undone. */
  setText(text: string): void;
  /** Underlines a mistake. */
  setProblem(problem: Problem | undefined): void;
  destroy(): void;
}

/** Creates a JSON editor. Tab leaves it, as it leaves any other field. */
export function createEditor({ parent, text, label, onChange, extensions }: EditorOptions): Editor {
  const stateOf = (doc: string): EditorState =>
    EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        json(),
        theme,
        ...extensions,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...lintKeymap,
        ]),
      ],
    });
  const view = new EditorView({ parent, state: stateOf(text) });
  return {
    setText(next) {
      if (next !== view.state.doc.toString()) view.setState(stateOf(next));
    },
    setProblem(problem) {
      const end = view.state.doc.length;
      const diagnostics =
        problem === undefined || problem.from > end
          ? []
          : [
              {
                from: problem.from,
                to: Math.min(problem.to, end),
                severity: 'error' as const,
                message: problem.message,
              },
            ];
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    destroy: () => view.destroy(),
  };
}
