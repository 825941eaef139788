using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.KeyDates;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>A feed as a calendar, in the way Outlook, Apple's and Google's read it.</summary>
/// <param name="content">What is in it.</param>
/// <param name="writtenAt">Now.</param>
internal sealed class SessionCalendar(FeedContent content, DateTimeOffset writtenAt)
{
    private const string RefreshEvery = "PT15M";

    public DateTimeOffset WrittenAt => writtenAt;

    /// <summary>The same for the same sessions and key dates, but for the stamp.</summary>
    public string Text(DateTimeOffset stamp)
    {
        var (name, zone) = (content.Name, content.Zone);
        var text = new IcsWriter().Begin("VCALENDAR")
            .Line("VERSION", "2.0").Line("PRODID", "-//LiveCommerce//Scheduling//EN").Line("CALSCALE", "GREGORIAN").Line("METHOD", "PUBLISH")
            .Text("NAME", name).Text("X-WR-CALNAME", name).Line("X-WR-TIMEZONE", zone.Id)
            .Line("REFRESH-INTERVAL;VALUE=DURATION", RefreshEvery).Line("X-PUBLISHED-TTL", RefreshEvery);
        var times = content.Sessions.SelectMany(s => new[] { s.Session.StartsAt, s.Session.EndsAt }).Concat(content.KeyDates.SelectMany(d => new[] { d.StartsAt, d.EndsAt })).DefaultIfEmpty(writtenAt).ToList();
        ZoneText.Write(text, zone, times.Min().Year, times.Max().Year + 1);
        foreach (var date in content.KeyDates) Write(text, date, stamp);
        foreach (var entry in content.Sessions) Write(text, entry, stamp);
        return text.End("VCALENDAR").ToString();
    }

    private void Write(IcsWriter text, FeedEntry entry, DateTimeOffset stamp)
    {
        var session = entry.Session;
        var status = entry.IsOut ? "CANCELLED" : StatusOf(session.Status);
        var phases = session.Phases;
        // One that went live after its planned end has no length yet, which the format does not know.
        var end = phases.LiveEndsAt > phases.LiveStartsAt ? phases.LiveEndsAt : phases.LiveStartsAt.AddMinutes(1);
        // The version rises with every change, and nothing else makes a calendar take a new time for an event it knows.
        text.Begin("VEVENT")
            .Line("UID", $"{session.Id}@live-commerce").Utc("DTSTAMP", stamp).Utc("CREATED", session.CreatedAt).Number("SEQUENCE", session.Version - 1)
            .Local("DTSTART", phases.LiveStartsAt, content.Zone).Local("DTEND", end, content.Zone)
            .Text("SUMMARY", session.Title).Text("LOCATION", content.Resources.GetValueOrDefault(session.RoomId)).Text("DESCRIPTION", Description(entry))
            .Texts("CATEGORIES", [session.Tier.ToString()])
            .Line("STATUS", status).Line("TRANSP", status == "CANCELLED" ? "TRANSPARENT" : "OPAQUE")
            .Line("X-MICROSOFT-CDO-BUSYSTATUS", status switch { "CANCELLED" => "FREE", "TENTATIVE" => "TENTATIVE", _ => "BUSY" })
            .End("VEVENT");
    }

    /// <summary>Nobody is busy because of one. Whole days, by the clock the calendar is written in, are days.</summary>
    private void Write(IcsWriter text, KeyDateRow date, DateTimeOffset stamp)
    {
        var (from, to) = (WallClock.At(date.StartsAt, content.Zone), WallClock.At(date.EndsAt, content.Zone));
        text.Begin("VEVENT").Line("UID", $"key-date-{date.Id}@live-commerce").Utc("DTSTAMP", stamp).Number("SEQUENCE", date.Version - 1);
        if (from.TimeOfDay == TimeSpan.Zero && to.TimeOfDay == TimeSpan.Zero) text.Date("DTSTART", from).Date("DTEND", to);
        else text.Local("DTSTART", date.StartsAt, content.Zone).Local("DTEND", date.EndsAt, content.Zone);
        List<string?> lines =
        [
            Sql.FromJson<Guid[]>(date.BrandIds) is { Length: > 0 } brands ? $"Brands: {Names(brands, content.Brands)}" : null,
            date.LeadTimeDays is { } days ? $"Plan {days} days ahead" : null,
        ];
        text.Text("SUMMARY", date.Title).Text("DESCRIPTION", string.Join('\n', lines.Where(l => l is not null))).Texts("CATEGORIES", [date.Kind.ToString()])
            .Line("STATUS", "CONFIRMED").Line("TRANSP", "TRANSPARENT").Line("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
            .End("VEVENT");
    }

    private string Description(FeedEntry entry)
    {
        var session = entry.Session;
        List<string?> lines =
        [
            entry.Role is { } role && !entry.IsOut ? $"Role: {role}" : null,
            session.Theme,
            $"Brands: {Names(session.BrandList, content.Brands)}",
            $"Hosts: {Names([session.HostId, .. session.CoHostList], content.Resources)}",
            $"Channels: {Names(session.ChannelList.Select(c => c.ChannelId), content.Resources)}",
            $"Status: {session.Status}",
            session.CancelReason ?? session.RejectReason,
        ];
        return string.Join('\n', lines.Where(l => l is not null));
    }

    private static string Names(IEnumerable<Guid> ids, IReadOnlyDictionary<Guid, string> names) => string.Join(", ", ids.Select(id => names.GetValueOrDefault(id, "?")));

    /// <summary>One that lost its slot, was refused or was taken back does not take place then; calendars take that back only if told so.</summary>
    private static string StatusOf(SessionStatus status) => status switch
    {
        SessionStatus.Submitted => "TENTATIVE",
        SessionStatus.Cancelled or SessionStatus.Displaced or SessionStatus.Rejected or SessionStatus.Draft => "CANCELLED",
        _ => "CONFIRMED",
    };
}
