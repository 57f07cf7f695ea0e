/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-bench-cloud.h"

G_BEGIN_DECLS

/* A diary of a given size, on one computer, and the account's other computer once it was fetched.
 * All of it is called in fibers. */
typedef struct
{
  BenchCloud *cloud;
  guint n; /* viewings that it is to have */
  char *email;
  BenchComputer *here;
  BenchComputer *there;
  GPtrArray *ids; /* of viewings, in the order of logging */
  GRand *random;
} BenchDiary;

/** Signs somebody up, whose first computer has an empty diary. */
BenchDiary *bench_diary_new (BenchCloud *cloud, guint n);
void bench_diary_free (BenchDiary *self);

/** Signs in on another computer, with nothing on it yet. */
void bench_diary_add_computer (BenchDiary *self);

/** Logs viewings of the usual size; a fifth have some words. 10,000 viewings are 10,000 rows. */
void bench_diary_log (BenchDiary *self, guint count);

/** Rates viewings anew, from the one logged as the @first on. */
void bench_diary_rate (BenchDiary *self, RafilmStore *store, guint first, guint count, int rating);

/** Writes what a document of each viewing would hold, as JSON, one a line: for the peer. */
void bench_diary_dump (BenchDiary *self, const char *path);

/** Prints a figure with the diary's size in its name. */
void bench_diary_print (const BenchDiary *self, const char *what, double value);

/** The same where there is a goal for diaries of this size. */
void bench_diary_print_at_most (const BenchDiary *self, const char *what, double value,
                                double goal);

/** Milliseconds of the monotonic clock. */
double bench_wall_ms (void);

G_END_DECLS
