/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-routes.h"

/* Fixed parts come before parameters: the first match answers. */
static const RafilmLocalRoute routes[] = {
  { "POST", "/v1/sync", "sync", FALSE },
  { "GET", "/v1/films/search", "films", TRUE },
  { "GET", "/v1/films/trending", "films", TRUE },
  { "GET", "/v1/films/discover", "films", TRUE },
  { "GET", "/v1/films/{id}", "films", TRUE },
  { "GET", "/v1/films/{id}/reviews", "reviews", TRUE },
  { "GET", "/v1/films", "films", TRUE },
  { "GET", "/v1/recommendations", "recommendations", FALSE },
  { "GET", "/v1/people/{handle}/reviews", "reviews", TRUE },
  { "POST", "/v1/reviews/{id}/report", "reviews", FALSE },
  { "GET", "/v1/profile", "account", FALSE },
  { "PUT", "/v1/profile", "account", FALSE },
  { "POST", "/v1/takeout", "account", FALSE },
  { "GET", "/v1/takeout", "account", FALSE },
  { "DELETE", "/v1/account", "account", FALSE },
};

static const struct
{
  const char *action;
  const char *function;
} actions[] = {
  { "chat", "chat" },
  { "chat.stop", "chat" },
  { "ping", "connect" },
};

static gboolean
match (const char *resource, const char *path, JsonObject **ret_parameters)
{
  g_auto (GStrv) wanted = g_strsplit (resource, "/", -1);
  g_auto (GStrv) given = g_strsplit (path, "/", -1);
  g_autoptr (JsonObject) parameters = NULL;

  if (g_strv_length (wanted) != g_strv_length (given))
    return FALSE;

  for (gsize i = 0; wanted[i] != NULL; i++)
    {
      gsize length = strlen (wanted[i]);

      if (wanted[i][0] == '{' && given[i][0] != '\0')
        {
          g_autofree char *name = g_strndup (wanted[i] + 1, length - 2);

          if (parameters == NULL)
            parameters = json_object_new ();
          json_object_set_string_member (parameters, name, given[i]);
        }
      else if (strcmp (wanted[i], given[i]) != 0)
        {
          return FALSE;
        }
    }
  *ret_parameters = g_steal_pointer (&parameters);

  return TRUE;
}

const RafilmLocalRoute *
rafilm_local_routes_find (const char *method, const char *path, JsonObject **ret_parameters)
{
  g_return_val_if_fail (method != NULL && path != NULL, NULL);
  g_return_val_if_fail (ret_parameters != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].method, method) == 0 && match (routes[i].resource, path, ret_parameters))
      return &routes[i];

  return NULL;
}

const char *
rafilm_local_routes_find_action (const char *action, const char **ret_route)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (actions[i].action, action) == 0)
      {
        *ret_route = actions[i].action;
        return actions[i].function;
      }
  *ret_route = "$default";

  return "connect";
}
