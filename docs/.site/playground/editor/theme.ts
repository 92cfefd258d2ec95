import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--vp-c-text-1)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--vp-font-family-mono)', lineHeight: '1.55' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--vp-c-text-1)' },
  '.cm-line': { padding: '0 12px 0 4px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--vp-c-text-2)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '30px', padding: '0 2px 0 6px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--playground-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--playground-selection)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-text-1)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--playground-selection)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--vp-c-default-soft)',
    border: 'none',
    color: 'var(--vp-c-text-2)',
    padding: '0 6px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--vp-c-bg-elv)',
    border: '1px solid var(--vp-c-divider)',
    borderRadius: '8px',
    boxShadow: 'var(--vp-shadow-3)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    borderRadius: '7px',
    fontFamily: 'var(--vp-font-family-mono)',
    maxHeight: '16em',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--vp-c-brand-soft)',
    color: 'var(--vp-c-text-1)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { padding: '10px 12px', maxWidth: '340px', lineHeight: '1.5', overflow: 'auto' },
  '.cm-diagnostic': { padding: '6px 10px', fontSize: '13px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--playground-bad)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--playground-bad)',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
});

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--playground-name)' },
  { tag: tags.string, color: 'var(--playground-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--playground-number)' },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: 'var(--vp-c-text-2)' },
]);

/** Takes every color from the page, so that it follows the switch between light and dark. */
export const theme: Extension = [look, syntaxHighlighting(colors)];
