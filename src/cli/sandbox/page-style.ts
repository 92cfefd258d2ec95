export const pageStyle = `
:root {
  --ground: #f6f7f9; --paper: #ffffff; --ink: #1b1f24; --faint: #59636e; --line: #d8dee4;
  --accent: #b3261e; --chip: #eef1f4; --good: #1a7f37; --bad: #b3261e; --warn: #875e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216; --paper: #181c22; --ink: #e6eaef; --faint: #9aa5b1; --line: #2d343d;
    --accent: #ff8a80; --chip: #242a32; --good: #56d364; --bad: #ff8a80; --warn: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 20px;
  padding: 14px 24px; background: var(--paper); border-bottom: 1px solid var(--line);
}
h1 { font-size: 18px; margin: 0; }
h2 { font-size: 15px; margin: 0 0 10px; }
#state { margin: 0; color: var(--faint); font-size: 13px; }
#state::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: var(--warn); }
#state.live::before { background: var(--good); }
#counts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 0 auto; }
#counts div { display: flex; gap: 6px; }
dt { color: var(--faint); }
dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px; padding: 20px 24px; align-items: start; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; min-width: 0; }
input {
  width: 100%; margin-bottom: 10px; padding: 6px 10px; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
ul.cards { list-style: none; margin: 0; padding: 0; }
ul.cards > li { padding: 8px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
ul.cards > li:first-child { border-top: 0; }
.name { font-weight: 600; }
.note { color: var(--faint); font-size: 13px; }
.chips { display: flex; flex-wrap: wrap; gap: 4px; margin-top: 4px; }
.chips span, code { background: var(--chip); border-radius: 4px; padding: 1px 6px; font: 12.5px/1.6 ui-monospace, monospace; }
.chips b { font-weight: 400; color: var(--faint); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font: 12.5px/1.6 ui-monospace, monospace; }
th { text-align: left; color: var(--faint); font-weight: 400; }
th, td { padding: 3px 10px 3px 0; white-space: nowrap; vertical-align: top; }
td:last-child { white-space: normal; overflow-wrap: anywhere; }
td.good { color: var(--good); } td.bad { color: var(--bad); }
`;
