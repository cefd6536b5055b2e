"""What other programs read in a calendar or in cards, as JSON: the modules icalendar and vobject.

usage: cards.py ics FILE      a list of [uid, start, end, stamp, summary, category]
       cards.py vcf FILE      a list of [name, organisation, phone, birthday, note]
"""

import json
import sys

with open(sys.argv[2], encoding="utf-8", newline="") as file:
    text = file.read()

if sys.argv[1] == "ics":
    from icalendar import Calendar

    calendar = Calendar.from_ical(text)
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        start, end, stamp = (event.decoded(name) for name in ("dtstart", "dtend", "dtstamp"))
        category = event["categories"].cats[0]
        events.append([str(event["uid"]), str(start), str(end), str(stamp), str(event["summary"]), str(category)])
    print(json.dumps(events))
else:
    import vobject

    cards = []
    for card in vobject.readComponents(text):
        card.validate()

        def value(name):
            return getattr(card, name).value if hasattr(card, name) else None

        cards.append([value("fn"), card.org.value[0], value("tel"), value("bday"), value("note")])
    print(json.dumps(cards))
