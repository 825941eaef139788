// Reads one JSON document from standard input and answers it as one, by ical.js:
//   { "calendar": text }                            -> { "properties": {…}, "events": […] }, times as instants, by the VTIMEZONEs in the text
//   { "rules": [{ "rule", "start", "most" }, …] }   -> [["2026-01-01T20:00:00", …], …]
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const request = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(request.rules ? request.rules.map(expand) : read(request.calendar)));

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return {
    properties: Object.fromEntries(calendar.getAllProperties().map(p => [p.name, String(p.getFirstValue())])),
    zones: calendar.getAllSubcomponents("vtimezone").map(z => z.getFirstPropertyValue("tzid")),
    events: calendar.getAllSubcomponents("vevent").map(component => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        summary: event.summary,
        description: event.description,
        location: event.location,
        status: component.getFirstPropertyValue("status"),
        stamp: component.getFirstPropertyValue("dtstamp").toString(),
        zone: component.getFirstProperty("dtstart").getParameter("tzid") ?? "UTC",
        categories: component.getFirstProperty("categories")?.getValues() ?? [],
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
      };
    }),
  };
}

function expand({ rule, start, most }) {
  const times = [];
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateTimeString(start));
  for (let next; times.length < most && (next = iterator.next()); ) times.push(next.toString());
  return times;
}
