/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 and base64url (RFC 4648). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Standard alphabet with padding. malloc'd. */
char *rafilm_base64_encode (const void *data, size_t length);

/* `url`: the URL-safe alphabet without padding; else the standard one with padding. Strict: NULL
 * for anything else, white space too. malloc'd, followed by a zero byte. */
unsigned char *rafilm_base64_decode (const char *text, size_t length, bool url, size_t *ret_length);
