using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Mandates;

/// <summary>When a reseller's mandates leave room for one more session; for looking ahead, where <see cref="MandateCover"/> judges.</summary>
internal static class MandateTimes
{
    /// <param name="from">Where to read.</param>
    /// <param name="question">A reseller's.</param>
    /// <param name="around">The times asked for.</param>
    /// <returns>Whether a session of that length may begin then.</returns>
    public static async Task<Func<DateTimeOffset, bool>> Of(Reads from, FreeSlotQuestion question, Window around)
    {
        var mandates = (await from.Query<MandateRow>(MandateSql.OfReseller, new { ResellerId = question.Owner.Id }))
            .Where(m => question.MandateId is not { } named || m.Id == named)
            .Where(m => !question.BrandIds.Except(m.BrandList).Any() && !question.ChannelKinds.Except(m.ChannelList).Any())
            .ToList();
        if (mandates.Count == 0) return _ => false;

        var zone = TimeZoneInfo.FindSystemTimeZoneById(question.Owner.TimeZone);
        var counted = await from.Query<PlannedRow>(MandateSql.PlannedBetween, new
        {
            Ids = Sql.Json(mandates.Where(m => m.SessionsPerWeek is not null).Select(m => m.Id)),
            question.SessionId,
            Week.Of(around.OpensAt, zone).OpensAt,
            Week.Of(around.ClosesAt, zone).ClosesAt,
        });
        var weeks = counted.CountBy(p => (p.MandateId, Week.Of(p.StartsAt, zone).OpensAt)).ToDictionary();
        return start => mandates.Exists(m =>
            start >= m.OpensAt && start + question.Length <= m.ClosesAt && m.IsWithinHours(start, start + question.Length, zone) &&
            (m.SessionsPerWeek is not { } most || weeks.GetValueOrDefault((m.Id, Week.Of(start, zone).OpensAt)) < most));
    }

    private sealed record PlannedRow
    {
        public Guid MandateId { get; init; }

        public DateTimeOffset StartsAt { get; init; }
    }
}
