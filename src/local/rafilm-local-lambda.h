/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-gateway.h"

G_BEGIN_DECLS

/* Lambda's Invoke API: POST /2015-03-31/functions/NAME/invocations, by which one function calls
 * another. With "X-Amz-Invocation-Type: Event" the answer is 202 at once. */

typedef struct _RafilmLocalLambda RafilmLocalLambda;

RafilmLocalLambda *rafilm_local_lambda_new (SoupServer *server, RafilmLocalFindFunction find,
                                            gpointer data);
void rafilm_local_lambda_free (RafilmLocalLambda *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalLambda, rafilm_local_lambda_free)

G_END_DECLS
