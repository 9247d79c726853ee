"""Reads every feed of a site with feedparser: python3 feeds.py DIR. Ends with 1 when one is malformed or empty."""
import pathlib
import sys

import feedparser

site = pathlib.Path(sys.argv[1])
wrong = 0
feeds = sorted(site.rglob("feed.xml"))
for path in feeds:
    feed = feedparser.parse(path.read_bytes())
    why = []
    if feed.bozo:
        why.append(f"malformed: {feed.get('bozo_exception')}")
    if not feed.feed.get("title") or not feed.feed.get("id") or not feed.feed.get("updated_parsed"):
        why.append("lacks a title, an id or a date")
    ids = [entry.get("id") for entry in feed.entries]
    if len(set(ids)) != len(ids) or None in ids:
        why.append("has entries without an id of their own")
    for entry in feed.entries:
        if not entry.get("title") or not entry.get("updated_parsed") or not entry.get("link"):
            why.append(f"{entry.get('id')} lacks a title, a date or a link")
    for it in why:
        wrong += 1
        print(f"wrong: {path.relative_to(site)}: {it}")
print(f"feedparser: {len(feeds)} feeds, {wrong} problems")
sys.exit(1 if wrong or not feeds else 0)
