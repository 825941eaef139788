using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Mandates;

/// <summary>Whether a reseller's session is within a mandate. The caller has taken its turn on the reseller, so that nobody else counts meanwhile.</summary>
internal static class MandateCover
{
    /// <summary>The mandate named, if it covers the session.</summary>
    public static async Task<Result<MandateRow>> Named(UnitOfWork work, SessionRow session, UnitRow reseller, Guid mandateId)
    {
        if (await work.Find<MandateRow>(MandateSql.ById, new { Id = mandateId }) is not { } mandate || mandate.ResellerId != reseller.Id)
            return MandateRejections.Missing.Because($"The reseller has no mandate {mandateId}.");
        if (mandate.RevokedAt is { } at) return MandateRejections.Revoked.Because($"Mandate {mandateId} was revoked at {at:O}.");
        return await Refusal(work, session, reseller, mandate) is { } refusal ? refusal : mandate;
    }

    /// <summary>Some mandate of the reseller that covers the session; else why the one that came closest does not.</summary>
    public static async Task<Result<MandateRow>> Any(UnitOfWork work, SessionRow session, UnitRow reseller)
    {
        Rejection closest = MandateRejections.Missing.Because("The reseller has no mandate in force.");
        foreach (var mandate in await work.Query<MandateRow>(MandateSql.OfReseller, new { ResellerId = reseller.Id }))
        {
            if (await Refusal(work, session, reseller, mandate) is not { } refusal) return mandate;
            if (Array.IndexOf(MandateRejections.All, refusal.Kind) > Array.IndexOf(MandateRejections.All, closest.Kind)) closest = refusal;
        }
        return closest;
    }

    /// <summary>
    /// The session under the mandate named, or any that covers it, and with nothing against it any more. One that is flagged
    /// need not stay under the mandate that failed it.
    /// </summary>
    public static async Task<Result<SessionRow>> Carry(UnitOfWork work, SessionRow session, UnitRow reseller, Guid? mandateId)
    {
        var found = mandateId is { } named ? await Named(work, session, reseller, named) : await Any(work, session, reseller);
        if (found.IsRejected && mandateId is not null && session.FlaggedAt is not null && await Any(work, session, reseller) is { IsRejected: false } other) found = other;
        return found.Map(mandate => session with { MandateId = mandate.Id, FlaggedAt = null, FlagReason = null });
    }

    private static async Task<Rejection?> Refusal(UnitOfWork work, SessionRow session, UnitRow reseller, MandateRow mandate)
    {
        if (Terms(session, reseller, mandate) is { } refusal) return refusal;
        if (mandate.SessionsPerWeek is not { } most) return null;
        var week = Week.Of(session.StartsAt, TimeZoneInfo.FindSystemTimeZoneById(reseller.TimeZone));
        var others = await work.Scalar<long>(MandateSql.SessionsBetween, new { MandateId = mandate.Id, week.OpensAt, week.ClosesAt, SessionId = session.Id });
        return others < most ? null : WeekIsFull(mandate, most, week, others);
    }

    public static Rejection WeekIsFull(MandateRow mandate, int most, Window week, long others) =>
        MandateRejections.SessionsPerWeek.Because($"Mandate {mandate.Id} allows {most} sessions a week; the week from {week.OpensAt:O} has {others}.");

    /// <summary>Why the mandate does not cover the session, however few others there are.</summary>
    public static Rejection? Terms(SessionRow session, UnitRow reseller, MandateRow mandate)
    {
        var brands = session.BrandList.Except(mandate.BrandList).ToList();
        if (brands.Count > 0)
            return MandateRejections.BrandNotCovered.Because($"Mandate {mandate.Id} does not name {string.Join(", ", brands)}.").With("brandIds", brands);
        var kinds = session.ChannelList.Select(c => c.Kind).Except(mandate.ChannelList).ToList();
        if (kinds.Count > 0)
            return MandateRejections.ChannelNotCovered.Because($"Mandate {mandate.Id} does not allow {string.Join(", ", kinds)}.");
        if (session.StartsAt < mandate.OpensAt || session.EndsAt > mandate.ClosesAt)
            return MandateRejections.OutsideDates.Because($"Mandate {mandate.Id} holds from {mandate.OpensAt:O} to {mandate.ClosesAt:O}.");
        return mandate.IsWithinHours(session.StartsAt, session.EndsAt, TimeZoneInfo.FindSystemTimeZoneById(reseller.TimeZone))
            ? null
            : MandateRejections.OutsideHours.Because($"Mandate {mandate.Id} allows {Clock(mandate.EarliestMinute ?? 0)} to {Clock(mandate.LatestMinute ?? MandateRow.MinutesADay)}, {reseller.TimeZone}.");
    }

    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
