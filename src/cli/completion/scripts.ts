/** Scripts that ask `segment-onesignal complete` for the words that can stand next, by shell. */
export const completionScripts = {
  bash: `# bash: eval "$(segment-onesignal completion bash)"
_segment_onesignal() {
  local IFS=$'\\n'
  COMPREPLY=($(segment-onesignal complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _segment_onesignal segment-onesignal
`,
  zsh: `#compdef segment-onesignal
# zsh: eval "$(segment-onesignal completion zsh)"
_segment_onesignal() {
  local -a words_found
  local line
  for line in "\${(@f)$(segment-onesignal complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && words_found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#words_found} )); then _describe 'segment-onesignal' words_found; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _segment_onesignal segment-onesignal
`,
  fish: `# fish: segment-onesignal completion fish | source
function __segment_onesignal_complete
    set -l words (commandline -opc)
    set -l found (segment-onesignal complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if set -q found[1]
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c segment-onesignal -f -a '(__segment_onesignal_complete)'
`,
} as const;

/** A shell that has a script. */
export type Shell = keyof typeof completionScripts;
