# SPDX-License-Identifier: GPL-3.0-or-later
"""The edits that a computer's owner makes in a world of chaos."""

from chaos_plan import choose

# What may be done while a sync runs beside it: nothing that takes a text away, of which nobody could
# say then whether its author had seen it.
ASIDE = {"log", "rate-viewing", "tag", "like", "day", "rate-film", "mark", "list-create"}
FILMS = (949, 1538, 9008, 680, 238, 550, 13, 155)
DAYS = [f"2026-0{month}-{day:02}" for month in range(1, 10) for day in range(1, 29)]


def stars(die):
    return str((1 + int(die * 10)) / 2)


class Actions:
    """One computer's next edit; every text gets a mark of its own, by which it is found again."""

    def __init__(self, device, step, account):
        self.device = device
        self.step = step
        self.account = account
        self.dice = step.dice

    def text(self, what):
        return f"{what} «{self.account}x{self.step.number}» of {self.device.name}"

    def film(self, die=1):
        return str(choose(FILMS, self.dice[die]))

    def viewing(self, die=2, hot=None):
        """Of the diary; with @hot one of so many that everybody works on."""
        viewings = sorted(v["id"] for v in self.device.ask("diary", "--limit", "0"))
        return choose(viewings[:hot], self.dice[die])

    def edit(self, *arguments, after=None):
        return self.device.edit(*arguments, after=after)

    def on_viewing(self, *arguments, hot=None, after=None):
        viewing = self.viewing(hot=hot)
        return self.edit("edit", viewing, *arguments, after=after) if viewing else None

    def on_list(self, verb, *arguments):
        entries = choose(self.device.ask("lists"), self.dice[2])
        if entries is None:
            return None
        return self.edit("lists", verb, entries["id"], *arguments)

    def on_entry(self, verb, *arguments):
        entries = choose([one for one in self.device.ask("lists") if one["films"]], self.dice[2])
        if entries is None:
            return None
        film = choose(entries["films"], self.dice[3])["film"]["id"]
        return self.edit("lists", verb, entries["id"], str(film), *arguments)

    def on_version(self, verb):
        version = choose(self.device.ask("versions"), self.dice[2])
        return self.edit("versions", verb, version["id"]) if version else None

    # ---- by name ----------------------------------------------------------------------------

    def log(self, after=None):
        arguments = ["log", self.film(), "--date", choose(DAYS, self.dice[2])]
        if self.dice[3] < 0.7:
            arguments += ["--review", self.text("Seen")]
        if self.dice[4] < 0.5:
            arguments += ["--rating", stars(self.dice[5])]
        answer = self.edit(*arguments, after=after)
        if answer is not None:
            self.device.logged.add(answer.json["id"])
        return answer

    def kill_log(self):
        return self.log(after=self.dice[5] * 0.12)

    def kill_edit(self):
        return self.on_viewing("--review", self.text("Cut off"), after=self.dice[5] * 0.12)

    def review(self):
        return self.on_viewing("--review", self.text("On second thoughts"))

    def shared_review(self):
        return self.on_viewing("--review", self.text("What we all write about"), hot=3)

    def rate_viewing(self):
        return self.on_viewing("--rating", stars(self.dice[3]))

    def tag(self):
        return self.on_viewing("--tag", choose(("a", "b", "-a", "-b"), self.dice[3]))

    def like(self):
        return self.on_viewing("--like" if self.dice[3] < 0.5 else "--unlike")

    def day(self):
        return self.on_viewing("--date", choose(DAYS, self.dice[3]))

    def clear_review(self):
        return self.on_viewing("--review", "")

    def delete(self):
        viewing = self.viewing(hot=6)
        return self.edit("delete", viewing) if viewing else None

    def restore(self):
        viewing = choose(self.device.ask("trash"), self.dice[2])
        return self.edit("trash", "restore", viewing["id"]) if viewing else None

    def undo(self):
        return self.device.edit("undo", may_fail=True)

    def rate_film(self):
        return self.edit("rate", self.film(), stars(self.dice[2]))

    def mark(self):
        return self.edit("mark", self.film(),
                         choose(("--like", "--unlike", "--seen", "--hide", "--unhide"), self.dice[2]))

    def watch(self):
        return self.edit("watchlist", "add", self.film(), "--note", self.text("Why"))

    def unwatch(self):
        return self.edit("watchlist", "remove", self.film())

    def list_create(self):
        return self.edit("lists", "create", f"List {self.step.number}", "--description",
                         self.text("About"))

    def list_describe(self):
        return self.on_list("edit", "--description", self.text("Rather about"))

    def list_add(self):
        return self.on_list("add", self.film())

    def list_note(self):
        return self.on_entry("add", "--note", self.text("Here because"))

    def list_move(self):
        return self.on_entry("move", str(1 + int(self.dice[4] * 4)))

    def list_remove(self):
        return self.on_entry("remove")

    def list_delete(self):
        return self.on_list("delete")

    def version_use(self):
        return self.on_version("use")

    def version_drop(self):
        return self.on_version("drop")

    def profile(self):
        return self.edit("profile", "--bio", self.text("I am"))

    def run(self):
        return getattr(self, self.step.action.replace("-", "_"))()
