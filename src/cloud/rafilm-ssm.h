/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of Systems Manager: where secrets are kept.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
#pragma once

#include "rafilm-aws.h"

/* The decrypted value (malloc'd), or NULL, which is logged. */
char *rafilm_ssm_get_parameter (RafilmAws *aws, const char *name);
