/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Personalize's rankings as items of the table: pk U#uid, sk R, items L {id, score}, at, ttl; what
 * rafilm-suggestions.h reads. */
#pragma once

#include "rafilm-dynamodb.h"

/* An item of a line of a batch inference job's output,
 * {"input":{"userId"},"output":{"recommendedItems":[…],"scores":[…]},"error":null};
 * a new reference, NULL when the line is broken, an error, or ranks no film.
 * https://docs.aws.amazon.com/personalize/latest/dg/batch-inference-job-output-examples.html */
json_t *rafilm_rankings_parse_line (const char *line, size_t length, int64_t now);

/* Writes items of different accounts, at most 100, and takes back those of accounts that are not
 * there any more or are being deleted. Whatever is deleted while this runs: either the deletion
 * comes after the item and takes it along, or its mark is seen here. `*ret_kept`: how many stayed.
 */
RafilmDynamodbStatus rafilm_rankings_write (RafilmDynamodb *dynamodb, const json_t *items,
                                            size_t *ret_kept);
