/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handles: the names under which people publish. Each is one person's.
 *   pk N#<handle>  sk M  {uid}
 *   pk U#<uid>     sk N  {handle}
 * Both are written in one transaction. */
#pragma once

#include "rafilm-account.h"

/* 3 to 20 of a-z, 0-9 and _. NULL is none. */
bool rafilm_profile_handle_is_valid (const char *handle);
/* Names that could be taken for ours. */
bool rafilm_profile_handle_is_reserved (const char *handle);

/* Whose handle it is, malloc'd; `*ret_uid` is NULL when it is nobody's. */
RafilmDynamodbStatus rafilm_profile_find (RafilmDynamodb *dynamodb, const char *handle,
                                          char **ret_uid);

/* From one handle to another, each of which may be NULL. REFUSED when it is taken or `old` is no
 * longer the account's. */
RafilmAccountStatus rafilm_profile_set_handle (RafilmDynamodb *dynamodb, const char *uid,
                                               const char *old, const char *handle);

/* Gives the handle free, of an account that is being deleted. */
RafilmDynamodbStatus rafilm_profile_remove (RafilmDynamodb *dynamodb, const char *uid,
                                            const char *handle);
