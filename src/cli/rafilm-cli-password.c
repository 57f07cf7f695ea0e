/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "rafilm-error.h"

#define MAX_PASSWORD 256

void
rafilm_cli_password_free (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}

static void
write_text (int terminal, const char *text)
{
  if (write (terminal, text, strlen (text)) < 0)
    g_debug ("The terminal takes no text, ignoring");
}

/* One line, without its end; the terminal is in its canonical mode. */
static char *
read_line (int terminal)
{
  char *line = g_malloc0 (MAX_PASSWORD + 1);
  gsize length = 0;

  while (length < MAX_PASSWORD)
    {
      gssize count = read (terminal, line + length, 1);

      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0 || line[length] == '\n')
        break;
      length++;
    }
  line[length] = '\0';

  return line;
}

static char *
ask (int terminal, const char *prompt)
{
  struct termios shown, hidden;
  char *password;

  if (tcgetattr (terminal, &shown) != 0)
    return NULL;
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ICANON;
  /* What is typed after the prompt shows must not be thrown away with what was typed before. */
  tcsetattr (terminal, TCSAFLUSH, &hidden);
  write_text (terminal, prompt);
  password = read_line (terminal);
  tcsetattr (terminal, TCSAFLUSH, &shown);
  write_text (terminal, "\n");

  return password;
}

char *
rafilm_cli_ask (const char *prompt)
{
  g_autofree char *line = NULL;
  int terminal = isatty (STDIN_FILENO) ? open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;

  if (terminal < 0)
    return NULL;
  write_text (terminal, prompt);
  line = read_line (terminal);
  close (terminal);

  return g_strdup (g_strstrip (line));
}

char *
rafilm_cli_read_password (const char *prompt, gboolean twice, GError **error)
{
  const char *given = g_getenv ("RAFILM_PASSWORD");
  g_autoptr (RafilmCliPassword) password = NULL;
  g_autoptr (RafilmCliPassword) again = NULL;
  int terminal;

  if (given != NULL)
    return g_strdup (given);

  terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0)
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID,
                   _ ("There is no terminal to ask for the password; RAFILM_PASSWORD gives it"));
      return NULL;
    }
  password = ask (terminal, prompt);
  if (password != NULL && twice)
    again = ask (terminal, _ ("Once more: "));
  close (terminal);

  if (password == NULL || password[0] == '\0')
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID, _ ("No password was given"));
  else if (twice && g_strcmp0 (password, again) != 0)
    g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID, _ ("The two passwords differ"));
  else
    return g_steal_pointer (&password);

  return NULL;
}
