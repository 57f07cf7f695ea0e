# SPDX-License-Identifier: GPL-3.0-or-later
"""The public routes for films, which ask TMDb in our name: nothing of a query may bend that."""

import concurrent.futures
import json
import urllib.parse

from rafilm_e2e import check, equal

BAD_IDS = ("", "0", "-1", "x", "1,", ",1", "1,,2", "1,%202", "1;2", "603%00", "603%23", "0603", "1e3",
           "2147483648", "9" * 40, "603&ids=604x", "%EF%BC%91", "603/credits", "603%3Fapi_key=x",
           ",".join(map(str, range(1, 42))), ",".join(map(str, range(1, 10001))))
BAD_SEARCHES = ("query=", "", "query=" + "x" * 201, "query=" + "%C3%A9" * 101, "query=a&page=0",
                "query=a&page=-1", "query=a&page=501", "query=a&page=x", "query=a&page=1.5",
                "query=a&page=" + "9" * 30, "query=a&year=1869", "query=a&year=2201",
                "query=a&year=-1", "query=a&year=x", "page=1", "query=%20%20", "query=a&page=%201", "query=a&page=%2B1", "query=a&page=01")
ODD_SEARCHES = ("heat&api_key=stolen", "heat%26api_key%3Dstolen%26include_adult%3Dtrue", "%0d%0aX-Evil:%201",
                "heat%23", "heat%2F..%2F..%2Fmovie%2F603", "%ff%fe", "%E2%80%AE", "%F0%9F%8E%AC", "a+b", "%",
                "%zz", "'%20OR%201=1", "{{7*7}}", "${jndi:ldap://x}", "<script>", "%5Cu0000", "%22", "%5C",
                "x" * 200)


def get(service, path, **more):
    return service.call("GET", path, **more)


def test_lists_of_ids(service):
    for ids in BAD_IDS:
        reply = get(service, "/v1/films?ids=" + ids, judged=len(ids) < 5000)
        check(reply.status in (400, 414), ids[:60], reply)
    check(get(service, "/v1/films").status == 400, "no ids")
    reply = get(service, "/v1/films?ids=" + ",".join(["603"] * 40))
    equal(reply.status, 200)
    check(len(reply.json["results"]) <= 40, "more than asked for")
    equal(get(service, "/v1/films?ids=2147483647").json["results"], [])
    for film in ("0", "-1", "x", "603x", "603%20", "603%2Fcredits", "2147483648", "9" * 50, "%00", "%ff",
                 "..%2Faccount", "603%3Fappend_to_response=x", "search;x", "1e3", "+603", "٦٠٣"):
        reply = get(service, "/v1/films/" + urllib.parse.quote(film, safe="%;+"), judged=False)
        check(reply.status in (400, 403, 404), film, reply)
    equal(get(service, "/v1/films/2147483647").code, "not_found")


def test_searches(service):
    for query in BAD_SEARCHES:
        reply = get(service, "/v1/films/search?" + query)
        equal((reply.status, reply.code), (400, "bad_request"), query[:60], reply)
    for query in ODD_SEARCHES:
        # What is no address at all the server of the gateway refuses without a word.
        reply = get(service, "/v1/films/search?query=" + query, judged=query not in ("%", "%zz"))
        check(reply.status in (200, 400), query, reply)
        if not reply.body:
            continue
        check("x-evil" not in reply.headers, "a header was injected")
        check("api_key" not in json.dumps(reply.json.get("results", "")), "leaks")
    for query in ("genre=" + "x" * 5000, "genre=%00", "genre=Crime&page=0", "year=99999", "page=-5", "page=501",
                  "genre=Crime&year=abc"):
        reply = get(service, "/v1/films/discover?" + query, judged=len(query) < 4000)
        check(reply.status in (400, 414) or (reply.status == 200 and "genre=x" in query), query[:60], reply)
    for query in ("", "genre=", "genre=Nonsense", "genre=crime%7C80%2C18", "genre=Crime&page=500", "x=y"):
        reply = get(service, "/v1/films/discover?" + query)
        check(reply.status in (200, 400), query, reply)
    for query in ("page=2", "a[]=1", "%00=%00", "&&&", "=" * 50):
        equal(get(service, "/v1/films/trending?" + query).status, 200, query)


def test_recommendations(service):
    user = service.sign_up("films-ana")
    for limit in ("0", "-1", "41", "x", "", "1.5", "9" * 30, "%00"):
        reply = user.call("GET", "/v1/recommendations?limit=" + limit)
        equal((reply.status, reply.code), (400, "bad_request"), limit)
    equal(user.call("GET", "/v1/recommendations?limit=40").status, 200)


def test_keys_of_the_cache(service):
    """What one asks for does not become what another gets; and nothing of it names an account."""
    user = service.sign_up("films-cache")
    before = service.get_items(user)
    plain = get(service, "/v1/films/search?query=heat").json
    for query in ("heat%23", "heat%231", "HEAT", "heat%00", "heat%0a", "U%23" + user.sub, "M", "heat&year=1995"):
        get(service, "/v1/films/search?query=" + query)
    equal(get(service, "/v1/films/search?query=heat").json, plain)
    equal(service.get_items(user), before)


def test_flood(service):
    """Many at once are answered or told to wait, and the next one is served."""
    paths = [f"/v1/films/search?query=flood{i % 7}" for i in range(60)]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda path: get(service, path), paths))
    check({reply.status for reply in replies} <= {200, 429}, [reply.status for reply in replies])
    equal(get(service, "/v1/films/603").status, 200)
