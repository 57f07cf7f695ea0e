/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target is one file with LLVMFuzzerTestOneInput (), in the form that libFuzzer calls. It is
 * built twice: with libFuzzer by "build-aux/dev fuzz", and with fuzz-main.c as an ordinary test,
 * which runs the corpus and mutations of it from a seed.
 *
 * A target ends the process where a promise is broken: what is read must be within its bounds, what
 * is written must be read as the same, and nothing may wait for ever.
 * https://llvm.org/docs/LibFuzzer.html */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
