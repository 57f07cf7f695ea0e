#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a month of Rafilm costs, from what one user does and what each action takes.

usage: model.py [USERS…]
"""
import math
import re
import sys
from collections import Counter
from pathlib import Path

from prices import PRICES, price

SOURCE = Path(__file__).resolve().parents[2] / 'src' / 'cloud'
TEMPLATE = Path(__file__).resolve().parents[1] / 'template.yaml'
KB = 1024
HOURS = 730

# One user who keeps a diary, in a month. Assumed; everything below follows from it.
HABITS = {
    'starts': 12,            # of the application, on two computers
    'minutes_open': 30,      # of each start; the socket is open as long
    'films_logged': 8,
    'other_edits': 12,       # rating, watchlist, lists
    'searches': 20,          # that reach the service
    'films_opened': 25,
    'recommendations': 4,
    'chat_messages': 2,
}
CACHE_HITS = {'search': 0.5, 'film': 0.9}  # of the TMDb cache
PING_MINUTES = 9            # and once when a connection is made
TOKEN_MINUTES = 14          # of a token's fifteen; then a connection is made anew
SYNC_POLL_MINUTES = 60

# Sizes in bytes of items: key, fields and stamps of a typical row; docs/sync.md has their form.
ROW, META, FILM_ITEM, SEARCH_ITEM, SOCKET_ROW = 350, 900, 13500, 11000, 160

# Milliseconds of a function (its memory in MB is the template's). A cold start adds START.
MILLISECONDS = {'sync': 40, 'films': 30, 'films_missed': 400, 'recommendations': 80, 'connect': 15,
                'authorizer': 5, 'ping': 10, 'chat': 60, 'chat-worker': 4000, 'publisher': 15}
MEMORY = {'sync': 256, 'chat-worker': 256, 'account-worker': 256, 'training-export': 256,
          'training-load': 256}
START, STARTS_SHARE = 60, 0.2

# A chat message: rounds with the model, tokens in each, frames of the answer.
ROUNDS, TOKENS_IN, TOKENS_OUT, FRAMES = 2.2, 1600, 160, 12

# Training once a week (README.md of infra/): bytes of a line of interactions, rankings of one user, and
# hours, which nobody has measured yet: a floor, and what a million interactions add. The guard's limit.
WEEKS, LINE, RANKINGS = 52 / 12, 65, 100
TRAINING_FLOOR, TRAINING_MILLION, TRAINING_LIMIT = 0.5, 0.5, 15
TRANSITIONS = 150

LOG_BYTES = 1200  # of one invocation: start, end, report, metrics and the access log


def write_units(size, transaction=False):
    """https://docs.aws.amazon.com/amazondynamodb: 1 KB each, doubled in a transaction."""
    return math.ceil(size / KB) * (2 if transaction else 1)


def read_units(size, consistent=True):
    """4 KB each; half when not consistent."""
    return math.ceil(size / (4 * KB)) * (1 if consistent else 0.5)


def push(new, changed):
    """(reads, writes) of a batch. A changed row leaves its old place in the index and takes a new
    one. That a transaction doubles the index too is assumed: nothing says that it does not."""
    rows = new + changed
    reads = read_units(META) + rows * read_units(ROW) + read_units(SOCKET_ROW, consistent=False)
    row = write_units(ROW, transaction=True)
    writes = write_units(META, transaction=True) + rows * row + new * row + changed * 2 * row
    return reads, writes


def count_metrics():
    """Metrics of our own: Duration of each route of both APIs, and the counts, but for those of
    trainings, which run a few hours a week. ServerErrors are sent when there are some: in one hour
    of a hundred."""
    routes = len(re.findall(r'Type: AWS::ApiGateway(?:::Method|V2::Route)\n', TEMPLATE.read_text()))
    text = ''.join(path.read_text() for path in sorted(SOURCE.rglob('*.c'))
                   if not re.match('training-|interactions', path.name))
    counts = set(re.findall(r'rafilm_log_count \("(\w+)"', text))
    for pair in re.findall(r'rafilm_log_share \("(\w+)", [^"]*"(\w+)"', text):
        counts.update(pair)
    return routes * 1.01 + len(counts)


class Month:
    """Amounts of everything that is paid for, added up action by action."""

    def __init__(self):
        self.amounts = Counter()

    def invoke(self, function, times, milliseconds=None):
        seconds = (milliseconds or MILLISECONDS[function]) / 1000 + STARTS_SHARE * START / 1000
        self.amounts['invocations'] += times
        self.amounts['gb_seconds'] += times * seconds * MEMORY.get(function, 128) / 1024
        self.amounts['log_gb'] += times * LOG_BYTES / KB ** 3

    def rest(self, function, times, kilobytes, milliseconds=None):
        self.amounts['rest_requests'] += times
        self.amounts['firewall_requests'] += times
        self.amounts['sent_gb'] += times * kilobytes / KB ** 2
        self.invoke(function, times, milliseconds)

    def table(self, times, reads, writes):
        self.amounts['read_units'] += times * reads
        self.amounts['write_units'] += times * writes

    def publish(self, times):
        """What follows a write of an account's items: one invocation, which looks for sockets."""
        self.invoke('publisher', times)
        self.table(times, read_units(SOCKET_ROW, consistent=False), 0)

    def sync(self, users):
        h = HABITS
        self.publish(users * (h['films_logged'] + h['other_edits']))
        self.rest('sync', users * h['films_logged'], 1.5)
        self.table(users * h['films_logged'], *push(new=1, changed=2))
        self.rest('sync', users * h['other_edits'], 1)
        self.table(users * h['other_edits'], *push(new=0.5, changed=0.5))
        # Starts, hourly questions, and the other computer that was told: META and a page.
        asked = h['starts'] * (1 + h['minutes_open'] / SYNC_POLL_MINUTES)
        asked += 0.2 * (h['films_logged'] + h['other_edits'])
        self.rest('sync', users * asked, 1)
        self.table(users * asked, read_units(META) + read_units(5 * ROW), 0)

    def catalogue(self, users):
        for kind, times, size in (('search', HABITS['searches'], SEARCH_ITEM),
                                  ('film', HABITS['films_opened'], FILM_ITEM)):
            missed = 1 - CACHE_HITS[kind]
            self.rest('films', users * times * CACHE_HITS[kind], 4)
            self.rest('films', users * times * missed, 4, MILLISECONDS['films_missed'])
            # What is missed: the limit's count, the lease, and the answer.
            self.table(users * times, read_units(size, consistent=False), missed * (2 + write_units(size)))
        times = users * HABITS['recommendations']
        self.rest('recommendations', times, 6)
        diary = read_units(200 * ROW, consistent=False)
        self.table(times, diary + 20 * read_units(FILM_ITEM, consistent=False), 0)

    def socket(self, users):
        minutes = users * HABITS['starts'] * HABITS['minutes_open']
        connections = users * HABITS['starts'] * (1 + HABITS['minutes_open'] // TOKEN_MINUTES)
        pings = connections + minutes / PING_MINUTES
        self.amounts['socket_minutes'] += minutes
        self.amounts['socket_messages'] += 2 * pings
        self.invoke('connect', pings, MILLISECONDS['ping'])
        self.table(pings, read_units(META), 0)
        self.invoke('authorizer', connections)
        self.invoke('connect', 2 * connections)
        row = write_units(SOCKET_ROW, transaction=True)
        # Two rows in a transaction, the look for a deleted account, and the two rows' end.
        self.table(connections, read_units(SOCKET_ROW) + read_units(META), 2 * row + 2 * write_units(SOCKET_ROW))
        self.amounts['socket_messages'] += 0.2 * users * (HABITS['films_logged'] + HABITS['other_edits'])

    def chat(self, users):
        messages = users * HABITS['chat_messages']
        self.invoke('chat', messages)
        self.invoke('chat-worker', messages)
        self.amounts['socket_messages'] += messages * (1 + FRAMES)
        self.amounts['input_tokens'] += messages * ROUNDS * TOKENS_IN
        self.amounts['output_tokens'] += messages * ROUNDS * TOKENS_OUT
        stops = MILLISECONDS['chat-worker'] / 1000  # looked for once a second
        # The count, the claim and its end, the first two with a look for a deleted account.
        self.table(messages, stops + read_units(200 * ROW, consistent=False), 3 * 2 + 2 * 2)

    def training(self, users):
        """Every week from viewings to rankings, once there are enough."""
        films = 12 * HABITS['films_logged']  # a year of diary
        if users < 25 or users * films < 1000:
            return
        a = self.amounts
        a['training_hours'] += min(TRAINING_LIMIT, WEEKS * (TRAINING_FLOOR + TRAINING_MILLION * users * films / 1e6))
        a['rankings'] += WEEKS * users
        a['ingested_gb'] += WEEKS * users * films * LINE / KB ** 3
        a['transitions'] += WEEKS * TRANSITIONS
        a['stored_gb'] += users * (films * LINE + RANKINGS * 20) / KB ** 3 / 4  # for a week, as versions
        # The table is read whole for accounts, then each diary; each ranking is an item, and META is looked at.
        rows = 2 * films * ROW
        item = 30 + RANKINGS * 24
        self.table(WEEKS * users, 2 * read_units(rows + META, consistent=False) + read_units(META), write_units(item))
        a['metric_months'] += 6 * 3 * WEEKS / HOURS  # of four functions and two counts, for three hours
        seconds = WEEKS * users * 0.02
        a['invocations'] += WEEKS * 12
        a['gb_seconds'] += seconds * MEMORY['training-export'] / 1024

    def fixed(self, users, hours, firewall):
        a = self.amounts
        a['monthly_users'] += users
        a['mails'] += users * 0.2
        # A year of diary: every row stands in the table and in its index.
        rows = 12 * (2 * HABITS['films_logged'] + HABITS['other_edits'])
        size = (users * (rows * 2 * ROW + META) + min(users * 20, 50_000) * FILM_ITEM) / KB ** 3
        a['table_gb'] += size
        a['recovery_gb'] += size
        a['exported_gb'] += size * 52 / 12
        a['stored_gb'] += size * 13 / 3  # 90 days of exports, compressed to a third
        a['kms_requests'] += 10 * hours * 12  # the table's key, each role, five minutes
        a['invocations'] += hours  # the sweeper
        a['metric_months'] += count_metrics() * hours / HOURS
        a['alarms'] += 12  # ten, and the one that watches trainings looks at two metrics
        a['firewall_parts'] += 5 + 4 + 3 if firewall else 0
        a['site_gb'] += users * 0.0003
        if not firewall:
            a['firewall_requests'] = 0


GROUPS = {
    'rest': ['rest_requests', 'sent_gb'],
    'websocket': ['socket_messages', 'socket_minutes'],
    'functions': ['invocations', 'gb_seconds'],
    'table': ['write_units', 'read_units', 'table_gb', 'recovery_gb', 'exported_gb', 'kms_requests'],
    'accounts': ['monthly_users', 'mails'],
    'chat_model': ['input_tokens', 'output_tokens'],
    'training': ['training_hours', 'rankings', 'ingested_gb', 'transitions'],
    'firewall': ['firewall_parts', 'firewall_requests'],
    'watching': ['metric_months', 'alarms', 'log_gb'],
    'files': ['stored_gb', 'site_gb'],
}


def month(users, hours=HOURS, firewall=True):
    """Amounts of a month; `hours` in which anything happens at all."""
    result = Month()
    for add in (result.sync, result.catalogue, result.socket, result.chat, result.training):
        add(users)
    result.fixed(users, hours, firewall)
    return result.amounts


def cost(amounts):
    """USD of each group."""
    return {group: sum(price(name, amounts[name]) for name in names) for group, names in GROUPS.items()}


def tell(name, amounts):
    parts = cost(amounts)
    for group, usd in parts.items():
        print(f'{name}_{group}_usd={usd:.2f}')
    print(f'{name}_total_usd={sum(parts.values()):.2f}')


def main():
    reads, writes = push(new=1, changed=2)
    print(f'log_a_film_read_units={reads:g}')
    print(f'log_a_film_write_units={writes:g}')
    print(f'metrics={count_metrics()}')
    if len(sys.argv) > 1:
        for users in sys.argv[1:]:
            tell(f'users_{int(users)}', month(int(users)))
        return
    one = month(1000)
    print(f'requests_a_user={one["rest_requests"] / 1000:.0f}')
    print(f'frames_a_user={one["socket_messages"] / 1000:.0f}')
    tell('testing', month(5, hours=60, firewall=False))
    for users in (100, 10_000, 1_000_000):
        tell(f'users_{users}', month(users))


assert set(PRICES) == {name for names in GROUPS.values() for name in names}

if __name__ == '__main__':
    main()
