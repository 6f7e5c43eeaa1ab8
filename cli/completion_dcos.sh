# Completion of "dcos cockroachdb", called by the completion of dcos.
#
# dcos hands over: cur, the word being typed; words and cword, the line; c, the
# index of the first word after "cockroachdb". The plug-in itself answers what
# fits, so that this file knows no command by name.
_dcos_cockroachdb() {
    local reply line offers=()
    reply=$(dcos cockroachdb __completeNoDesc "${words[@]:c:cword-c}" "$cur" 2>/dev/null) || return
    while IFS= read -r line; do
        case "$line" in
            :*|"") ;; # the last line holds flags for other shells
            *) offers+=("$line") ;;
        esac
    done <<< "$reply"
    __dcos_handle_compreply "${offers[@]}"
}
