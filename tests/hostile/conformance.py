# SPDX-License-Identifier: GPL-3.0-or-later
"""Good behaviour: computers that follow the design agree with each other and with the model."""

from judge import Judge
from rafilm_e2e import check, equal
from rs1_device import Device


def pair(service, name):
    user = service.sign_up(name)
    judge = Judge(user)
    return judge, Device(user, judge), Device(user, judge)


def meet(*devices):
    """All send and fetch until nobody has anything new; then all must show the same."""
    for _ in range(2):
        for device in devices:
            device.sync()
    first = devices[0]
    for device in devices[1:]:
        equal(device.mirror.keys(), first.mirror.keys(), "rows of two computers")
        equal(device.view(), first.view(), "diaries of two computers")
        equal(device.digest(), first.digest())


def edit_before(a, b, ago=20):
    """What a edits from now on was written well before what b edits; in seconds."""
    a.ago_ms, b.ago_ms = ago * 1000, ago * 1000 - 5000


def get_versions(device):
    return [fields for (kind, _), fields in device.view().items() if kind == "x"]


def test_all_kinds(service):
    _, a, b = pair(service, "kinds")
    a.edit("w", "603", on=True, note="Soon")
    viewing = a.log(603, on="2026-03-01", rating=9, liked=True, rewatch=False, finished=True,
                    public=False, rv={"text": "Whoa", "spoiler": True, "lang": "en"},
                    **{"tag:cinema": True, "tag:mit Ümläut ✓": True})
    a.edit("f", "603", rating=9, like=True, seen=True, hide=False)
    a.edit("p", "me", name="Ana", bio="Films")
    films = a.create("l", name="Best", desc="Of all", ranked=True, public=False)
    for film, pos in ((603, "V"), (949, "k"), (11, "F")):
        a.edit("i", f"{films}:{film}", on=True, pos=pos, note="n")
    meet(a, b)
    equal(b.view()[("d", viewing)]["rv"], {"text": "Whoa", "spoiler": True, "lang": "en"})
    equal(b.view()[("w", "603")]["on"], False)
    equal(b.get_list(films), [11, 603, 949])
    b.edit("d", viewing, on=None, rating=None, rv=None)
    b.edit("i", f"{films}:11", pos="z")
    meet(a, b)
    equal(a.view()[("d", viewing)]["on"], None)
    equal(a.get_list(films), [603, 949, 11])
    equal(a.dead + b.dead, [])


def test_fields_add_up(service):
    _, a, b = pair(service, "fields")
    viewing = a.log(603, rating=5)
    meet(a, b)
    a.edit("d", viewing, rating=9, **{"tag:a": True})
    b.edit("d", viewing, liked=True, **{"tag:b": True})
    meet(a, b)
    shown = a.view()[("d", viewing)]
    equal(shown, {"film": 603, "rating": 9, "liked": True, "tag:a": True, "tag:b": True})
    equal(a.verdicts + b.verdicts, [])


def test_later_edit_wins(service):
    _, a, b = pair(service, "later")
    viewing = a.log(603, rating=5)
    meet(a, b)
    edit_before(a, b)
    a.edit("d", viewing, rating=6)
    b.edit("d", viewing, rating=7)
    b.sync()
    a.sync()
    meet(a, b)
    equal(a.view()[("d", viewing)]["rating"], 7, "the later one, which came first")
    equal([verdict for _, verdict in a.verdicts], ["lost"])


def test_skewed_clocks(service):
    """A constant error of a clock changes nothing: an edit is placed by its age."""
    _, a, b = pair(service, "skewed")
    for skew in (86400_000 * 400, -86400_000 * 400, 73 * 365 * 86400_000):
        a.skew_ms = skew
        viewing = b.log(603, rating=1)
        meet(a, b)
        edit_before(a, b)
        a.edit("d", viewing, rating=2)
        b.edit("d", viewing, rating=3)
        b.sync()
        a.sync()
        meet(a, b)
        equal(b.view()[("d", viewing)]["rating"], 3, "with a clock that is", skew, "ms wrong")


def test_delete_loses_against_unseen_edit(service):
    _, a, b = pair(service, "deletion")
    viewing = a.log(603, rv="First")
    meet(a, b)
    a.delete("d", viewing)
    b.edit("d", viewing, rv="Second")
    b.sync()
    a.sync()
    meet(a, b)
    equal([verdict for _, verdict in a.verdicts], ["kept"])
    equal(a.view()[("d", viewing)]["rv"], "Second")
    # The other order.
    a.edit("d", viewing, rating=3)
    b.delete("d", viewing)
    b.sync()
    meet(a, b)
    equal(a.view()[("d", viewing)], {"film": 603, "rv": "Second", "rating": 3})
    # What was seen is deleted, and may be restored.
    a.delete("d", viewing)
    meet(a, b)
    check(("d", viewing) not in b.view(), "is still there")
    b.restore("d", viewing)
    meet(a, b)
    equal(a.view()[("d", viewing)], {"film": 603, "rv": "Second", "rating": 3})


def test_reviews_are_kept(service):
    _, a, b = pair(service, "reviews")
    edit_before(a, b, 60)
    viewing = a.log(603, rv="Base")
    meet(a, b)
    edit_before(a, b, 40)
    a.edit("d", viewing, rv="From a")
    b.edit("d", viewing, rv={"text": "From b", "spoiler": True})
    b.sync()
    a.sync()
    meet(a, b)
    equal(a.view()[("d", viewing)]["rv"], {"text": "From b", "spoiler": True})
    equal([fields["text"] for fields in get_versions(b)], ["From a"])
    # Equal words make no copy; nor does an empty text.
    edit_before(a, b, 30)
    a.edit("d", viewing, rv="Same")
    b.edit("d", viewing, rv={"text": "Same", "spoiler": True})
    meet(a, b)
    equal(len(get_versions(a)), 1)
    edit_before(a, b, 20)
    a.edit("d", viewing, rv=None)
    b.edit("d", viewing, rv="Words")
    meet(a, b)
    equal(a.view()[("d", viewing)]["rv"], "Words")
    equal(len(get_versions(a)), 1)
    edit_before(a, b, 10)
    a.edit("d", viewing, rv="Unseen")
    b.edit("d", viewing, rv=None)
    meet(a, b)
    check("Unseen" in [a.view()[("d", viewing)]["rv"]] + [v["text"] for v in get_versions(a)],
          "words were emptied unseen")


def test_versions_may_be_dismissed(service):
    _, a, b = pair(service, "dismissed")
    viewing = a.log(603, rv="Base")
    meet(a, b)
    a.edit("d", viewing, rv="From a")
    b.edit("d", viewing, rv="From b")
    meet(a, b)
    (version,) = [row_id for kind, row_id in a.view() if kind == "x"]
    a.delete("x", version)
    meet(a, b)
    equal(get_versions(b), [])
    equal(a.dead, [])


def test_order_of_lists(service):
    _, a, b = pair(service, "lists")
    films = a.create("l", name="Ranked", ranked=True)
    for number in range(30):
        a.edit("i", f"{films}:{100 + number}", on=True, pos=f"{number:02d}V")
    meet(a, b)
    a.edit("i", f"{films}:129", pos="00F")
    b.edit("i", f"{films}:128", pos="00F")  # the same place: the film decides
    b.edit("i", f"{films}:100", on=False)
    a.edit("i", f"{films}:100", note="Both at once")
    meet(a, b)
    equal(a.get_list(films)[:2], [128, 129])
    equal(a.get_list(films), b.get_list(films))
    a.delete("l", films)
    meet(a, b)
    b.restore("l", films)
    meet(a, b)
    equal(len(a.get_list(films)), 29)


def test_repeats_and_losses(service):
    """An answer that is lost: the same batch again, acknowledged alike and applied once."""
    judge, a, b = pair(service, "repeats")
    a.log(603, rating=5)
    request = a.build_request()
    first = judge(request).json
    again = judge(request).json
    equal(again["ack"], first["ack"])
    a.take_answer(request, first)
    meet(a, b)
    equal(len(b.view()), 1)


def test_copied_file(service):
    """Two computers with one device id: what either wrote arrives, once."""
    judge, a, b = pair(service, "copied")
    a.log(1)
    a.sync()
    twin = Device(a.user, judge)
    twin.dev, twin.next_n, twin.epoch = a.dev, a.next_n, a.epoch
    twin.cursor, twin.mirror, twin.hlc = a.cursor, dict(a.mirror), a.hlc
    a.log(2)
    twin.log(3)
    a.sync()
    twin.sync()
    a.log(4)
    twin.log(5)
    meet(a, twin, b)
    equal(sorted(fields["film"] for fields in b.view().values()), [1, 2, 3, 4, 5])
    check(a.dev != twin.dev, "still one device id")


def test_pages(service):
    judge, a, b = pair(service, "pages")
    for number in range(120):
        a.log(1000 + number, rv="x" * 200)
    a.sync()
    for size in (0, 5000, 2000000):
        c = Device(a.user, judge)
        c.max = size
        c.sync()
        equal(len(c.view()), 120, "rows with pages of", size)
    b.edit("p", "me", name="Fetching never waits for the outbox")
    meet(a, b)


def test_unknown_kinds_and_fields(service):
    """They are refused for good, each by itself, and the rest of the batch is taken."""
    _, a, b = pair(service, "unknown")
    a.add("zz", "1", base=0, full=True, h=a.tick(), set={"on": True})
    a.add("d", "known", base=0, full=True, h=a.tick(), set={"film": 603, "later": 1})
    viewing = a.log(603)
    a.sync()
    equal(sorted(verdict for _, verdict in a.dead), ["bad:field", "bad:kind"])
    check(("d", viewing) in a.mirror, "the good one is missing")
    # Newer functions will write them; today's must hand them on and not lose them in a merge.
    key = {"pk": {"S": "U#" + a.user.sub}, "sk": {"S": "d#" + viewing}}
    row = service.dynamodb("GetItem", Key=key, ConsistentRead=True)["Item"]
    row["f"]["M"]["mood"] = {"S": "blue ✓"}
    service.dynamodb("PutItem", Item=row)
    b.post = b.user.sync
    b.sync()
    b.edit("d", viewing, rating=4)
    b.sync()
    equal(b.view()[("d", viewing)], {"film": 603, "mood": "blue ✓", "rating": 4})
    fresh = Device(a.user).sync()
    equal(fresh.view()[("d", viewing)], {"film": 603, "mood": "blue ✓", "rating": 4})


def test_long_texts(service):
    _, a, b = pair(service, "long")
    text = "ä✓\U0001f3ac\t\n\"\\ " * 3000
    text = text.encode()[:65536].decode(errors="ignore")
    viewing = a.log(603, rv=text)
    for number in range(8):
        a.log(number + 1, rv=text)
    meet(a, b)
    equal(b.view()[("d", viewing)]["rv"], text)
