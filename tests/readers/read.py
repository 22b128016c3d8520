"""Reads published pages with feedparser and icalendar, and compares what they see: read.py OUTPUT"""

import json
import pathlib
import sys

import feedparser
import icalendar

output = pathlib.Path(sys.argv[1])


def fail(message):
    sys.exit(f"tests/readers: {message}")


def check(condition, message):
    if not condition:
        fail(message)


def feed(path):
    parsed = feedparser.parse(path.read_bytes())
    check(not parsed.bozo, f"{path}: not well-formed: {parsed.get('bozo_exception')}")
    check(parsed.feed.get("title"), f"{path}: no title")
    for entry in parsed.entries:
        for key in ("id", "title", "updated_parsed" if path.suffix == ".atom" else "published_parsed"):
            check(entry.get(key), f"{path}: {entry.get('id')}: no {key}")
        for link in entry.get("links", []):
            check(link.href.startswith(("http://", "https://")), f"{path}: link {link.href}")
    return parsed.entries


atoms = sorted((output / "feeds").glob("*.atom"))
check(len(atoms) > 20, f"only {len(atoms)} Atom feeds")
for atom in atoms:
    entries = feed(atom)
    ids = [entry.id for entry in entries]
    check(len(set(ids)) == len(ids), f"{atom}: an id stands twice")
    check(ids == [entry.id for entry in feed(atom.with_suffix(".rss"))], f"{atom}: the RSS holds other entries")
    items = json.loads(atom.with_suffix(".json").read_text(encoding="utf-8"))["items"]
    check(ids == [item["id"] for item in items], f"{atom}: the JSON Feed holds other entries")
    check([entry.title for entry in entries] == [item["title"] for item in items], f"{atom}: other titles")
everything = feed(output / "feeds" / "all.atom")
check(len(everything) > 10, f"only {len(everything)} entries in all.atom")

calendars = [output / "events.ics", *sorted((output / "events").glob("*.ics"))]
for path in calendars:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    check(not calendar.errors, f"{path}: {calendar.errors}")
    events = calendar.walk("VEVENT")
    check(events, f"{path}: no event")
    for event in events:
        for key in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"):
            check(key in event, f"{path}: {event.get('UID')}: no {key}")
        check("DTEND" not in event or event["DTEND"].dt > event["DTSTART"].dt, f"{path}: {event['UID']} ends too early")
all_events = icalendar.Calendar.from_ical((output / "events.ics").read_bytes()).walk("VEVENT")
check(len(all_events) == len(calendars) - 1, "events.ics and events/*.ics hold different events")

print(f"{len(atoms)} feeds three times, {len(everything)} entries, {len(all_events)} events: read by feedparser and icalendar")
