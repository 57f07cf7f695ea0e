/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that the table has of an account, as the files of an archive. It is read page by page,
 * so that memory does not grow with the diary. What is in which file is told by README.txt there.
 */
#pragma once

#include "rafilm-dynamodb.h"
#include "rafilm-zip.h"

/* `now` in s of 1970. False when the table could not be read or `deadline` (ms of 1970) passed. */
bool rafilm_takeout_archive_write (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                                   int64_t deadline, RafilmZip *zip);
