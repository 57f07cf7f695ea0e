/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#define ANY G_MAXUINT
#define VIEWING_OPTIONS "date rating like rewatch unfinished review tag spoiler"

const RafilmCliCommand rafilm_cli_commands[] = {
  { "log", "FILM", N_ ("Log a viewing of a film"),
    N_ ("FILM is a film’s id or its title, with or without its year. A title is looked up on this\n"
        "computer first and online after that; an id needs no network. The film leaves the\n"
        "watchlist. “title:1917” is the film of that name, 1917 a film’s id.\n"
        "\n"
        "Examples:\n"
        "  rafilm-cli log Heat --rating 4.5 --like --tag cinema --tag \"with Ana\"\n"
        "  rafilm-cli log \"Solaris (1972)\" --date yesterday --unfinished\n"
        "  rafilm-cli log 949 --rewatch --review - < review.txt"),
    VIEWING_OPTIONS, 1, 1, rafilm_cli_run_log },
  { "rate", "FILM STARS", N_ ("Rate a film without logging it"),
    N_ ("STARS is 0.5 to 5 in halves, as “4.5”, “4½” or “9/10”; “none” takes the rating back."), "",
    2, 2, rafilm_cli_run_rate },
  { "mark", "FILM", N_ ("Mark a film as liked, seen or not interesting"), NULL,
    "like unlike seen unseen hide unhide", 1, 1, rafilm_cli_run_mark },
  { "edit", "VIEWING", N_ ("Change a viewing"),
    N_ ("VIEWING is the id that “diary” shows, or the beginning of it. Only what is given "
        "changes.\n"
        "\n"
        "Examples:\n"
        "  rafilm-cli edit Vn3k --rating 5 --tag 70mm --tag -home\n"
        "  rafilm-cli edit Vn3k --review \"\"        takes the review away"),
    VIEWING_OPTIONS " unlike finished", 1, 1, rafilm_cli_run_edit },
  { "delete", "VIEWING", N_ ("Move a viewing to the trash"), N_ ("“undo” brings it back."), "", 1,
    1, rafilm_cli_run_delete },
  { "undo", "", N_ ("Take the newest edit of this program back"),
    N_ ("Twenty edits at most, the newest first. What was changed again since, here or on another\n"
        "device, stays as it is."),
    "", 0, 0, rafilm_cli_run_undo },
  { "diary", "", N_ ("List viewings, newest first"), NULL, "limit", 0, 0, rafilm_cli_run_diary },
  { "show", "FILM", N_ ("Show a film and its viewings"), NULL, "", 1, 1, rafilm_cli_run_show },
  { "watchlist", "[list | add FILM | remove FILM]", N_ ("Show or change the watchlist"),
    N_ ("Examples:\n"
        "  rafilm-cli watchlist\n"
        "  rafilm-cli watchlist add \"The Insider\" --note \"Ana says yes\""),
    "note limit", 0, 2, rafilm_cli_run_watchlist },
  { "lists",
    "[list | show LIST | create NAME | edit LIST | delete LIST | add LIST FILM | remove LIST FILM "
    "| move LIST FILM PLACE]",
    N_ ("Show or change lists of films"),
    N_ ("LIST is a list’s name, its id or the beginning of its id. The first PLACE is 1.\n"
        "\n"
        "Examples:\n"
        "  rafilm-cli lists create \"Nights in Los Angeles\" --ranked\n"
        "  rafilm-cli lists add nights 949 --note \"the coffee\"\n"
        "  rafilm-cli lists move \"Nights in Los Angeles\" Heat 1"),
    "name description ranked unranked note", 0, 4, rafilm_cli_run_lists },
  { "trash", "[list | restore ID]", N_ ("Show deleted viewings and lists, and bring them back"),
    N_ ("A deleted viewing or list stays in the trash for 180 days, on all computers of the\n"
        "account. ID is the id that is shown, or the beginning of it; a list’s name will do. A\n"
        "list comes back with its films."),
    "", 0, 2, rafilm_cli_run_trash },
  { "search", "WORDS", N_ ("Search films, on this computer and online"),
    N_ ("Words are looked for in titles, people, keywords, tags, reviews and notes. Operators:\n"
        "director: actor: genre: tag: year:1990..1999 rating:>=4 is:watched is:watchlist is:liked\n"
        "is:unfinished.\n"
        "\n"
        "Example:\n"
        "  rafilm-cli search director:mann year:1990..1999"),
    "limit", 1, ANY, rafilm_cli_run_search },
  { "recommend", "", N_ ("Recommend films, with reasons"),
    N_ ("Made on this computer, out of the diary; nothing is sent."), "limit", 0, 0,
    rafilm_cli_run_recommend },
  { "chat", "TEXT", N_ ("Ask about films and the diary"),
    N_ ("The answer appears while it is written, and the films that it names after it. Without a\n"
        "network this computer answers.\n"
        "\n"
        "Example:\n"
        "  rafilm-cli chat \"something like Heat, but shorter\""),
    "", 1, ANY, rafilm_cli_run_chat },
  { "versions", "[list | use ID | drop ID]", N_ ("Settle texts that two computers wrote"),
    N_ ("When a review was written on two computers that did not know of each other, one text is\n"
        "shown and the other one kept: “use” puts it in the place of the one that is shown."),
    "", 0, 2, rafilm_cli_run_versions },
  { "export", "[FILE]", N_ ("Write everything that is yours as JSON"),
    N_ ("Viewings with their reviews, marks of films, lists, the trash, other versions of texts "
        "and "
        "the\nprofile; to standard output without FILE. Needs no network."),
    "", 0, 1, rafilm_cli_run_export },
  { "profile", "", N_ ("Show or change your name and what you say of yourself"), NULL, "name bio",
    0, 0, rafilm_cli_run_profile },
  { "sync", "", N_ ("Send and fetch changes"),
    N_ ("Returns when every change of this computer is on the server and everything of the server\n"
        "is here. Where it was left open at the sign-in what becomes of a diary that was kept\n"
        "without an account, nothing is sent until --merge or --use-account says so."),
    "wait merge use-account", 0, 0, rafilm_cli_run_sync },
  { "watch", "", N_ ("Keep in sync, and print a line at each change"),
    N_ ("Runs until it is interrupted, or for --wait seconds."), "wait", 0, 0,
    rafilm_cli_run_watch },
  { "changes", "[list | retry N | discard N]", N_ ("Show what waits and what was refused"),
    N_ ("A change that the server refused for good stays here until it is settled: “retry” sends "
        "it\n"
        "again, “discard” drops it."),
    "limit", 0, 2, rafilm_cli_run_changes },
  { "status", "", N_ ("Show the account and what waits to be sent"), NULL, "", 0, 0,
    rafilm_cli_run_status },
  { "sign-up", "EMAIL", N_ ("Make an account"),
    N_ ("A code is mailed to EMAIL; “confirm” takes it. The password has 8 characters or more, "
        "with\nsmall and capital letters and digits."),
    "", 1, 1, rafilm_cli_run_sign_up },
  { "confirm", "EMAIL CODE", N_ ("Confirm a new account with the code that was mailed"), NULL, "",
    2, 2, rafilm_cli_run_confirm },
  { "resend", "EMAIL", N_ ("Mail the confirmation code again"), NULL, "", 1, 1,
    rafilm_cli_run_resend },
  { "sign-in", "EMAIL", N_ ("Sign in on this computer"),
    N_ ("A diary that was kept without an account is merged into the account’s: what both have "
        "is\ntaken once. First the numbers are shown, and a terminal is asked. A copy stays in the "
        "profile, under “aside”."),
    "merge use-account", 1, 1, rafilm_cli_run_sign_in },
  { "forgot", "EMAIL", N_ ("Mail a code for a new password"), NULL, "", 1, 1,
    rafilm_cli_run_forgot },
  { "reset", "EMAIL CODE", N_ ("Set a new password with the code that was mailed"), NULL, "", 2, 2,
    rafilm_cli_run_reset },
  { "sign-out", "", N_ ("Sign out"),
    N_ ("The diary stays on this computer, and is there again after the next sign-in. With\n"
        "--keep-diary it goes on as one without an account, with all that was not sent: for an\n"
        "account that was deleted, or that nobody can sign in to."),
    "everywhere keep-diary", 0, 0, rafilm_cli_run_sign_out },
  { "public-name", "[NAME | -]", N_ ("Show, take or give up the name for published reviews"),
    N_ ("3 to 20 of a to z, 0 to 9 and “_”. “-” gives it up, and with it what was published."), "",
    0, 1, rafilm_cli_run_public_name },
  { "archive", "", N_ ("Have the service make an archive of all that it keeps for you"),
    N_ ("Prints its address, which whoever has it can read for a short time."), "", 0, 0,
    rafilm_cli_run_archive },
  { "delete-account", "EMAIL", N_ ("Delete the account and all that the service keeps for it"),
    N_ ("EMAIL is yours, said once more, since this cannot be undone. The diary on this computer "
        "stays."),
    "", 1, 1, rafilm_cli_run_delete_account },
  { NULL },
};
