using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>Sessions as a calendar, in the way Outlook, Apple's and Google's read it.</summary>
/// <param name="name">What they call it.</param>
/// <param name="zone">In which the times are written.</param>
/// <param name="sessions">In order.</param>
/// <param name="resources">Names of hosts, rooms and channels.</param>
/// <param name="brands">Names of brands.</param>
/// <param name="writtenAt">Now.</param>
internal sealed class SessionCalendar(
    string name, TimeZoneInfo zone, IReadOnlyList<SessionRow> sessions, IReadOnlyDictionary<Guid, string> resources, IReadOnlyDictionary<Guid, string> brands, DateTimeOffset writtenAt)
{
    private const string RefreshEvery = "PT15M";

    public DateTimeOffset WrittenAt => writtenAt;

    /// <summary>The same for the same sessions, but for the stamp.</summary>
    public string Text(DateTimeOffset stamp)
    {
        var text = new IcsWriter().Begin("VCALENDAR")
            .Line("VERSION", "2.0").Line("PRODID", "-//LiveCommerce//Scheduling//EN").Line("CALSCALE", "GREGORIAN").Line("METHOD", "PUBLISH")
            .Text("NAME", name).Text("X-WR-CALNAME", name).Line("X-WR-TIMEZONE", zone.Id)
            .Line("REFRESH-INTERVAL;VALUE=DURATION", RefreshEvery).Line("X-PUBLISHED-TTL", RefreshEvery);
        ZoneText.Write(text, zone, sessions.Select(s => s.StartsAt).DefaultIfEmpty(writtenAt).Min().Year, sessions.Select(s => s.EndsAt).DefaultIfEmpty(writtenAt).Max().Year + 1);
        foreach (var session in sessions) Write(text, session, stamp);
        return text.End("VCALENDAR").ToString();
    }

    private void Write(IcsWriter text, SessionRow session, DateTimeOffset stamp)
    {
        var status = StatusOf(session.Status);
        var phases = session.Phases;
        // One that went live after its planned end has no length yet, which the format does not know.
        var end = phases.LiveEndsAt > phases.LiveStartsAt ? phases.LiveEndsAt : phases.LiveStartsAt.AddMinutes(1);
        // The version rises with every change, and nothing else makes a calendar take a new time for an event it knows.
        text.Begin("VEVENT")
            .Line("UID", $"{session.Id}@live-commerce").Utc("DTSTAMP", stamp).Utc("CREATED", session.CreatedAt).Number("SEQUENCE", session.Version - 1)
            .Local("DTSTART", phases.LiveStartsAt, zone).Local("DTEND", end, zone)
            .Text("SUMMARY", session.Title).Text("LOCATION", resources.GetValueOrDefault(session.RoomId)).Text("DESCRIPTION", Description(session))
            .Texts("CATEGORIES", [session.Tier.ToString()])
            .Line("STATUS", status).Line("TRANSP", status == "CANCELLED" ? "TRANSPARENT" : "OPAQUE")
            .Line("X-MICROSOFT-CDO-BUSYSTATUS", status switch { "CANCELLED" => "FREE", "TENTATIVE" => "TENTATIVE", _ => "BUSY" })
            .End("VEVENT");
    }

    private string Description(SessionRow session)
    {
        List<string?> lines =
        [
            session.Theme,
            $"Brands: {Names(session.BrandList, brands)}",
            $"Hosts: {Names([session.HostId, .. session.CoHostList], resources)}",
            $"Channels: {Names(session.ChannelList.Select(c => c.ChannelId), resources)}",
            $"Status: {session.Status}",
            session.CancelReason ?? session.RejectReason,
        ];
        return string.Join('\n', lines.Where(l => l is not null));
    }

    private static string Names(IEnumerable<Guid> ids, IReadOnlyDictionary<Guid, string> names) => string.Join(", ", ids.Select(id => names.GetValueOrDefault(id, "?")));

    /// <summary>One that lost its slot, or was refused, does not take place then; calendars take that back only if told so.</summary>
    private static string StatusOf(SessionStatus status) => status switch
    {
        SessionStatus.Submitted => "TENTATIVE",
        SessionStatus.Cancelled or SessionStatus.Displaced or SessionStatus.Rejected => "CANCELLED",
        _ => "CONFIRMED",
    };
}
