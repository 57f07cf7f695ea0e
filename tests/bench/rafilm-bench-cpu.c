/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-bench-cpu.h"

#include <string.h>

static char *
read_file (const char *folder, const char *name, const char *file)
{
  g_autofree char *path = g_build_filename (folder, name, file, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static double
sum_threads (const char *pid, const char *apart)
{
  g_autofree char *folder = g_build_filename ("/proc", pid, "task", NULL);
  g_autoptr (GDir) tasks = g_dir_open (folder, 0, NULL);
  double sum = 0;

  if (tasks == NULL)
    return 0;
  for (const char *task = g_dir_read_name (tasks); task != NULL; task = g_dir_read_name (tasks))
    {
      g_autofree char *name = read_file (folder, task, "comm");
      g_autofree char *times = read_file (folder, task, "schedstat");

      if (name != NULL && times != NULL && (apart == NULL || !g_str_has_prefix (name, apart)))
        sum += g_ascii_strtod (times, NULL) / 1e6;
    }
  return sum;
}

double
rafilm_bench_cpu_own_ms (void)
{
  return sum_threads ("self", RAFILM_BENCH_CPU_APART);
}

double
rafilm_bench_cpu_ms (const char *pid)
{
  return sum_threads (pid, NULL);
}

/* The parent is the second field behind the name, which is in parentheses. */
static gboolean
is_child (const char *pid, const char *parent)
{
  g_autofree char *stat = read_file ("/proc", pid, "stat");
  const char *end = stat != NULL ? strrchr (stat, ')') : NULL;
  g_auto (GStrv) fields = end != NULL ? g_strsplit (end + 1, " ", 4) : NULL;

  return fields != NULL && g_strv_length (fields) == 4 && g_str_equal (fields[2], parent);
}

double
rafilm_bench_cpu_children_ms (const char *pid, const char *program)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  double sum = 0;

  for (const char *name = g_dir_read_name (processes); name != NULL;
       name = g_dir_read_name (processes))
    {
      g_autofree char *command = NULL;

      if (!g_ascii_isdigit (*name) || !is_child (name, pid))
        continue;
      command = read_file ("/proc", name, "comm");
      if (command != NULL && g_str_equal (g_strchomp (command), program))
        sum += sum_threads (name, NULL);
    }
  return sum;
}
