using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Scheduling.Calendars;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Series;

/// <summary>One thing to do so that a series' sessions become what its pattern says.</summary>
/// <param name="Occurrence">Where the session is to be; null: it is given up.</param>
/// <param name="Session">The session that is to be there; null: it has to be made.</param>
internal sealed record SeriesStep(SeriesOccurrence? Occurrence, SessionRow? Session);

/// <summary>Which session becomes which occurrence. Nothing here knows a database.</summary>
internal static class SeriesSteps
{
    /// <summary>A session follows its occurrence to another day within a week, with everything that hangs on it.</summary>
    private const int MostDaysMoved = 6;

    /// <summary>Still ahead, and its plan may be changed.</summary>
    public static bool IsAhead(SessionRow session, DateTimeOffset now) => session.StartsAt > now &&
        session.Status is SessionStatus.Draft or SessionStatus.Submitted or SessionStatus.Rejected or SessionStatus.Scheduled or SessionStatus.WarmUp or SessionStatus.Displaced;

    /// <summary>
    /// What is over, cancelled by itself or edited by itself stays as it is and keeps its day. The others become the occurrence
    /// of their day, else the nearest free one within a week, else they are given up; what then has no session gets one.
    /// </summary>
    public static IReadOnlyList<SeriesStep> Of(IEnumerable<SeriesOccurrence> occurrences, IReadOnlyList<SessionRow> sessions, DateTimeOffset now)
    {
        var free = sessions.Where(s => IsAhead(s, now) && !s.IsDetached).OrderBy(s => s.StartsAt).ThenBy(s => s.Id).ToList();
        var kept = sessions.Except(free).Select(s => s.OccurrenceOn).ToHashSet();
        var wanted = occurrences.Where(o => o.StartsAt > now && !kept.Contains(o.On)).ToDictionary(o => o.On);
        var pairs = new List<SeriesStep>();
        foreach (var session in free.Where(s => wanted.ContainsKey(s.OccurrenceOn!)).ToList()) Pair(session, wanted[session.OccurrenceOn!]);
        foreach (var session in free.ToList())
        {
            var day = DayOf(session.OccurrenceOn!);
            var near = wanted.Values.Where(o => Math.Abs((DayOf(o.On) - day).Days) <= MostDaysMoved).OrderBy(o => Math.Abs((DayOf(o.On) - day).Days)).ThenBy(o => o.StartsAt).ToList();
            if (near.Count > 0) Pair(session, near[0]);
        }
        // Whoever moves later makes way first, the last one first, so that no session stands in the way of its own neighbour.
        var later = pairs.Where(p => p.Occurrence!.Value.StartsAt > p.Session!.StartsAt).OrderByDescending(p => p.Session!.StartsAt);
        var others = pairs.Where(p => p.Occurrence!.Value.StartsAt <= p.Session!.StartsAt).OrderBy(p => p.Session!.StartsAt);
        return
        [
            .. free.Select(s => new SeriesStep(null, s)),
            .. later,
            .. others,
            .. wanted.Values.OrderBy(o => o.StartsAt).Select(o => new SeriesStep(o, null)),
        ];

        void Pair(SessionRow session, SeriesOccurrence occurrence)
        {
            pairs.Add(new SeriesStep(occurrence, session));
            free.Remove(session);
            wanted.Remove(occurrence.On);
        }
    }

    private static DateTime DayOf(string on) => WallClock.TryParseDate(on, out var day) ? day : throw new FormatException($"{on} is no day.");
}
