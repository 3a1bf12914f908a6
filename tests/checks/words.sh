#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# words.sh SOURCE: names that were private poetry, or an older way in, do not come back; each has the
# field's term now, by the tree's own history.
cd "$1" || exit 2
bad=0

# refuse WHERE PATTERN...: no C source there has such a name.
refuse() {
    where=$1
    shift
    for pattern; do
        # shellcheck disable=SC2086 # several folders
        if grep -rnwE "$pattern" $where --include='*.[ch]'; then
            echo "words: by another name now; see git log -S"
            bad=1
        fi
    done
}

refuse 'daemon include' \
    'struct (book|bookmark|desk|draft|hall|holders|http_caller|lawbook|look|person|press|sieve|sight|story|told|trial|turn|vault)' \
    'access_begin|access_end|become_quiet|book_[a-z]+|desk_[a-z]+|lawbook_[a-z]+|make_good' \
    'pipeline_answer|pipeline_messages|pipeline_take_only|reader_crooked_alerts|reader_loose_alerts' \
    'sieve_[a-z]+|told_fini|told_make|whereabouts_[a-z]+|[a-z]+_wish'
refuse 'daemon include tests' \
    'struct (asks|beat|crowd|errand|held|house|http_held|lived|righting|rightings|room_word|strikes|web_look|looks)' \
    'asks_[a-z]+|[a-z_]*be_born|birth_[a-z]+|crowd_[a-z]+|errand_[a-z_]+|held_(add|fini|free|print|remove|take_[a-z]+)' \
    '[a-z_]+_(beat|beats|beaten)|beats?_(open|close|fd|ttl)|(BEAT|[A-Z_]+_BEAT)_[A-Z]+' \
    '[a-z]+_look|in_town|own_word|redis_lived|rightings?_[a-z_]+|room_word_[a-z_]+|strikes_[a-z]+|store_untold'
refuse 'daemon include tests' \
    'struct (caller|says)' 'caller_(connect|heard|leave|say|until|until_gone)' 'evil_desk[a-z_]*' \
    'verdict_told|radius_told|mqtt_told|assignees_told|print_told|have_it_told|honest_untold' \
    'MQTT_TOLD_[A-Z]+|WITNESS_UNTOLD|ACCESS_UNTOLD_[A-Z_]+|HOLDERS_[A-Z]+|scrub_[a-z_]+|pipeline_stands' \
    'callbacks\.stands|(refused|forbidden)_told|says_(evidence|fini|read|taken)'
refuse 'daemon include' 'struct gone' 'gone_(fini|print|take|why)' 'untold' '(BEHIND|LOGGED)?_?TOLD_MAX'
# What was told, of whom it was held, what was looked at: alerted, inside_by, reported, predicted.
refuse 'daemon include tests' \
    '(bool|u?int[0-9]*(_t)?|unsigned|size_t|double|char|struct [a-z_]+) \*?(told|eta_told|told_count|held_by)' \
    '[a-z_]*(->|\.)(told|told_count|eta_told|held_by|look|looks|looked)' \
    'struct (told|look|looks|sight|wish|words|book|hall|town|ear)' 'enum (sight|look)' \
    'TOLD(_[A-Z]+)*|HELD_BY_[A-Z]+|BELIEF_TOLD|GOING_TOLD|CROWD|SWEEP_WISH_[A-Z]+|[A-Z_]*LOOKS?(_[A-Z]+)*' \
    '(was|note|move|first|moving|learn|most|await|all)_told' 'told_near' 'add_crowd|rulebook_crowded' \
    'belief_(story|stories)' '(ailment|shift_load|last_good|report|room)_words|words_kept' \
    '(silence|device_state|effect|todo|print)_word|on_word' '(book_of|book_with|throw_normal)' \
    'look_(at|into|through|again|at_[a-z]+|for_loss)|looks_of|find_looked|where_looked|[a-z]+_look_back'
if grep -rnE '^[a-z].*[ *](look|told|town|sight|crowd|wish|hall|ear)\(' daemon include tests --include='*.[ch]'; then
    echo "words: a function by a noun of our own"
    bad=1
fi
if grep -rnE 'words\.js|(type|rule)_words' daemon/web tests/page tests/docs tests/README.md; then
    echo "words: labels, for the page"
    bad=1
fi
# A file is called as its prefix, and a test as what it tests.
if git ls-files 2>/dev/null | grep -E '(^|/)(look|crowd|words?|desk|told|sight|knocks?|wish|book|hall|press|vault)(_test)?\.([ch]|js)$|_(words|told|crowded|look)(_test)?\.[ch]$' |
    grep -v '^daemon/web/page/desk\.js$'; then # one place in the control room
    echo "words: a file by a word of our own"
    bad=1
fi
if grep -rnE '(leaves|out of|tiles of) the house' daemon include tests --include='*.[chm]*' --include='*.js' --include='*.8'; then
    echo "words: a building"
    bad=1
fi
if grep -rnwiE 'houses?\.mjs|class House' tests/page; then
    echo "words: a testbed"
    bad=1
fi
exit $bad
