/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object a line on standard error, which Lambda sends to CloudWatch Logs. Nothing of a
 * token, a password or a user's text is ever a value here. */
#pragma once

#include <stdint.h>

/* Members of every following line. NULL leaves as it is. */
void rafilm_log_set_function (const char *function);
void rafilm_log_set_request (const char *request_id);

/* `pairs`: name, text, name, text …, NULL. Example:
 * rafilm_log_warning ("tmdb.limited", "status", "429", NULL); */
void rafilm_log_info (const char *event, ...) __attribute__ ((sentinel));
void rafilm_log_warning (const char *event, ...) __attribute__ ((sentinel));
void rafilm_log_error (const char *event, ...) __attribute__ ((sentinel));

/* CloudWatch Embedded Metric Format: one request of a route. Its metrics are Duration, whose sample
 * count is the number of requests, and ServerErrors, where there was one; the status is a member of
 * the line only, since each metric of a route costs 0.30 USD a month. A function without routes,
 * whose `route` is its own name, sends neither: Lambda counts them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
void rafilm_log_request (const char *route, int status, int64_t duration_ms);

/* A count of the namespace Rafilm without dimensions but the function: "ChatHandlesRemoved" … */
void rafilm_log_count (const char *metric, int64_t count);

/* How many of the things asked for were had: two metrics without dimensions, over all functions. */
void rafilm_log_share (const char *asked, int64_t n_asked, const char *had, int64_t n_had);
