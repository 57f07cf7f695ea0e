/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing what belongs to an account. A token is good for minutes after its account was deleted,
 * and must leave nothing behind: so every such write is refused once META (pk U#<uid> sk M) has the
 * mark `gone`. sync does the same by META's version. */
#pragma once

#include "rafilm-dynamodb.h"

typedef enum
{
  RAFILM_ACCOUNT_OK,
  RAFILM_ACCOUNT_GONE,    /* deleted, or being deleted */
  RAFILM_ACCOUNT_REFUSED, /* by the condition of an action: look at the reasons */
  RAFILM_ACCOUNT_FAILED,
} RafilmAccountStatus;

/* Writes the actions (taken; see rafilm_dynamodb_transact ()) if the account is there; tries again
 * when another transaction is at the same items. When REFUSED, `*ret_refused` is the index of the
 * first action whose condition did not hold; it may be NULL. */
RafilmAccountStatus rafilm_account_transact (RafilmDynamodb *dynamodb, const char *uid,
                                             json_t *actions, size_t *ret_refused);

/* Whether the account has the mark. */
RafilmDynamodbStatus rafilm_account_is_gone (RafilmDynamodb *dynamodb, const char *uid,
                                             bool *ret_gone);
