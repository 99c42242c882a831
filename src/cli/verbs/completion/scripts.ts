/** What a shell has to know: whom to ask. What can follow, `ssh-trust` itself says, so that it is never out of date. */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The first line of an answer where files fit, too. */
export const filesMark = ":files";

/** Bash takes words apart, such as at @ and =, and puts an answer in the place of the last part only, which is $2. */
const bash = `# completion of ssh-trust for bash: source <(ssh-trust completion bash)
_ssh_trust() {
  local line=\${COMP_LINE:0:COMP_POINT} current found answer begun=
  local -a words
  current=\${line##*[[:space:]]}
  read -ra words <<<"\${line%"$current"}"
  COMPREPLY=()
  found=$("$1" completion --complete bash -- "\${words[@]:1}" "$current" 2>/dev/null </dev/null) || return 0
  [[ $current == *"$2" ]] && begun=\${current%"$2"}
  while IFS= read -r answer; do
    case $answer in
      "") ;;
      ${filesMark})
        compopt -o default -o filenames 2>/dev/null
        while IFS= read -r answer; do COMPREPLY+=("\${answer#"$begun"}"); done < <(compgen -f -- "$current")
        ;;
      *) COMPREPLY+=("\${answer#"$begun"}") ;;
    esac
  done <<<"$found"
}
complete -F _ssh_trust ssh-trust
`;

const zsh = `#compdef ssh-trust
# completion of ssh-trust for zsh: source <(ssh-trust completion zsh), after compinit; or a file _ssh-trust in $fpath
_ssh-trust() {
  local line word about
  local -a values shown
  local -i files=0
  while IFS= read -r line; do
    [[ $line == ${filesMark} ]] && { files=1; continue }
    word=\${line%%$'\\t'*}
    about=\${line#*$'\\t'}
    [[ -z $word ]] && continue
    values+=("$word")
    if [[ $about == $line || -z $about ]]; then shown+=("$word"); else shown+=("$word  -- $about"); fi
  done < <("\${(Q)words[1]}" completion --complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)
  (( $#values )) && compadd -l -d shown -a values
  (( files )) && _files
  return 0
}
if [[ $funcstack[1] == _ssh-trust ]]; then _ssh-trust "$@"; else compdef _ssh-trust ssh-trust; fi
`;

const fish = `# completion of ssh-trust for fish: ssh-trust completion fish | source
function __ssh_trust_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] completion --complete fish -- $words[2..-1] "$current" 2>/dev/null </dev/null)
        if test "$line" = ${filesMark}
            __fish_complete_path "$current"
        else
            printf '%s\\n' "$line"
        end
    end
end
complete -c ssh-trust -f -a '(__ssh_trust_complete)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
