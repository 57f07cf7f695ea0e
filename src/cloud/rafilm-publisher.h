/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing the public reviews of an account in line with its diary: what is published follows from
 * what the table holds now, so that doing it twice, or in another order, ends the same. */
#pragma once

#include "rafilm-dynamodb.h"

/* False when it could not be done and is to be tried again. */
bool rafilm_publisher_update_viewing (RafilmDynamodb *dynamodb, const char *uid,
                                      const char *viewing);

/* All viewings of an account: its handle has changed. */
bool rafilm_publisher_update_all (RafilmDynamodb *dynamodb, const char *uid);

/* The handle of an account, malloc'd; `*ret_handle` is NULL when it has none. */
RafilmDynamodbStatus rafilm_publisher_get_handle (RafilmDynamodb *dynamodb, const char *uid,
                                                  char **ret_handle);
