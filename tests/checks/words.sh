#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# words.sh SOURCE: names that were private poetry, or an older way in, do not come back; each has the
# field's term now, by the tree's own history.
cd "$1" || exit 2
structs='book|bookmark|crowd|desk|draft|hall|holders|http_caller|lawbook|look|person|press|sieve|sight|story|strikes|told|trial|turn|vault'
names='access_begin|access_end|become_quiet|book_[a-z]+|clients_[a-z]+|desk_[a-z]+|lawbook_[a-z]+|make_good|pipeline_answer|pipeline_messages|pipeline_take_only|reader_crooked_alerts|reader_loose_alerts|sieve_[a-z]+|strikes_[a-z]+|told_fini|told_make|whereabouts_[a-z]+|[a-z]+_wish'
if grep -rnwE "struct ($structs)|$names" daemon include --include='*.[ch]'; then
    echo "words: by another name now; see git log -S"
    exit 1
fi
