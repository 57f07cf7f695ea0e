/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A stand-in for Bedrock Runtime's ConverseStream, since no emulator of it is packaged: true
 * event-stream frames, sent one after the other as a model's are, with what the concierge says.
 *
 * Faults, by the request header "X-Rafilm-Fault" or the environment variable
 * RAFILM_LOCAL_BEDROCK_FAULT: "throttle" (429 before the stream), "exception" (an exception frame
 * half-way), "truncate" (the connection ends half-way), "garble" (a frame with a wrong checksum).
 * RAFILM_LOCAL_BEDROCK_DELAY_MS is the pause between frames. */

typedef struct _RafilmLocalBedrock RafilmLocalBedrock;

RafilmLocalBedrock *rafilm_local_bedrock_new (SoupServer *server);
void rafilm_local_bedrock_free (RafilmLocalBedrock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalBedrock, rafilm_local_bedrock_free)

G_END_DECLS
