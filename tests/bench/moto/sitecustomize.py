# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes out of moto's DynamoDB what grows with the whole table and would be all that one measures:
for each transaction it copies all tables, item by item, so as to be able to take it back, and for
each query it sorts all items and copies those found. Here copies share the items, which are put
anew and never changed in place, but for META, which transactions update. Python reads this file
at its start, from PYTHONPATH."""

import copy
import sys
from collections import OrderedDict, defaultdict

_deepcopy = copy.deepcopy


def _list_items(table):
    return [item for partition in table.items.values() for item in partition.values()]


def _copy_table(table):
    twin = copy.copy(table)
    twin.items = defaultdict(dict)
    for partition, items in table.items.items():
        twin.items[partition] = {
            key: _deepcopy(item) if getattr(key, "value", None) == "M" else item
            for key, item in items.items()
        } if isinstance(items, dict) else items
    return twin


def _copy(value, memo=None):
    if isinstance(value, OrderedDict) and value and all(
            type(table).__name__ == "Table" for table in value.values()):
        # The first transaction comes before any query that matters.
        sys.modules["moto.dynamodb.models.table"].Table.all_items = _list_items
        return OrderedDict((name, _copy_table(table)) for name, table in value.items())
    if isinstance(value, list) and value and type(value[0]).__name__ == "Item":
        return list(value)
    return _deepcopy(value, memo)


copy.deepcopy = _copy
