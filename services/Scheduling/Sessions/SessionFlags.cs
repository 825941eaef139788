using LiveCommerce.Contracts.Organization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Mandates;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>
/// What is planned and may not take place as things are, because a mandate was revoked or changed or a unit is out of use, is
/// flagged, and told to both sides. It keeps its slot; put right before its start, the flag goes; else it does not go live.
/// </summary>
internal static class SessionFlags
{
    /// <summary>What speaks against a session.</summary>
    internal static readonly RejectionKind[] Reasons = [UnitRejections.Inactive, .. MandateRejections.All];

    internal static RejectionKind Held(string code) => Reasons.First(k => k.Code == code);

    /// <summary>Judges what a reseller has planned, when its mandates changed.</summary>
    public static async Task Judge(UnitOfWork work, Guid resellerId)
    {
        // A mandate may be heard of before its reseller; then nothing is planned yet either.
        if (await work.Find<UnitRow>(UnitSql.ById, new { Id = resellerId }) is { } reseller) await Judge(work, reseller);
    }

    /// <summary>Judges what a unit and all below it have planned, when it was moved, put out of use or back.</summary>
    public static async Task Judge(UnitOfWork work, string path)
    {
        foreach (var unit in await work.Query<UnitRow>(UnitSql.Below, new { Scope = path, ScopeEnd = UnitPath.End(path) })) await Judge(work, unit);
    }

    private static async Task Judge(UnitOfWork work, UnitRow unit)
    {
        // Whoever plans under a mandate counts alone, and so does this.
        await work.Execute(UnitSql.TakeTurn, new { unit.Id });
        var ahead = await work.Query<SessionRow>(SessionSql.AheadOfUnit, new { unit.Path });
        if (ahead.Count == 0) return;
        var inactive = await UnitRejections.UnlessActive(work, unit.Path);
        var mandates = unit.Kind == UnitKind.Reseller ? await Allowance.Read(work, unit, ahead) : null;
        foreach (var session in ahead)
        {
            var judged = mandates is null || session.Tier != SessionTier.ResellerBroadcast ? session : mandates.Carry(session);
            await Tell(work, session, judged.Rejection is { } refusal ? session : judged.Value, inactive ?? judged.Rejection);
        }
    }

    private static async Task Tell(UnitOfWork work, SessionRow session, SessionRow carried, Rejection? against)
    {
        if (against is null && session.FlaggedAt is not null && session.StartsAt > work.Now)
        {
            await Save(work, "UnflagSession", session, carried with { FlaggedAt = null, FlagReason = null }, state => new SessionUnflagged(state));
        }
        else if (against is not null && against.Kind.Code != session.FlagReason)
        {
            var flagged = session with { FlaggedAt = session.FlaggedAt ?? work.Now, FlagReason = against.Kind.Code };
            await Save(work, "FlagSession", session, flagged, state => new SessionFlagged(state, against.Kind.Code));
        }
        else if (against is null && session.FlaggedAt is null && carried.MandateId != session.MandateId)
        {
            await Save(work, "CarrySession", session, carried, state => new SessionEdited(state));
        }
    }

    private static async Task Save(UnitOfWork work, string action, SessionRow before, SessionRow after, Func<SessionState, object> toEvent)
    {
        // The rows are held, so only a database that cannot hold them gets here; then it is judged again.
        var saved = await SessionChange.Save(work, after, toEvent);
        if (saved.Rejection is { } rejection) throw new InvalidOperationException(rejection.Detail);
        work.Decided(action, $"/scheduling/sessions/{before.Id}", before.ToView(), saved.Value.ToView());
    }

    /// <summary>A reseller's mandates, and what is used of each week of each. Who comes first by the plan is served first.</summary>
    private sealed class Allowance(UnitRow reseller, IReadOnlyList<MandateRow> mandates)
    {
        private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(reseller.TimeZone);
        private readonly Dictionary<(Guid MandateId, DateTimeOffset Week), int> _used = [];

        public static async Task<Allowance> Read(UnitOfWork work, UnitRow reseller, IReadOnlyList<SessionRow> ahead)
        {
            var allowance = new Allowance(reseller, await work.Query<MandateRow>(MandateSql.AllOfReseller, new { ResellerId = reseller.Id }));
            var from = Week.Of(ahead[0].StartsAt, allowance._zone).OpensAt;
            foreach (var streamed in await work.Query<StreamedRow>(MandateSql.Streamed, new { ResellerId = reseller.Id, From = from }))
                allowance.Use(streamed.MandateId, streamed.StartsAt);
            return allowance;
        }

        /// <summary>Under its own mandate if that still covers it, else under the first that does.</summary>
        public Result<SessionRow> Carry(SessionRow session)
        {
            Rejection? first = null;
            foreach (var mandate in mandates.OrderBy(m => m.Id != session.MandateId))
            {
                if (Refusal(session, mandate) is { } refusal)
                {
                    first ??= refusal;
                    continue;
                }
                if (SessionLifecycle.HoldsSlot(session.Status)) Use(mandate.Id, session.StartsAt);
                return session with { MandateId = mandate.Id };
            }
            return first ?? MandateRejections.Missing.Because("The reseller has no mandate.");
        }

        private Rejection? Refusal(SessionRow session, MandateRow mandate)
        {
            if (mandate.RevokedAt is { } at) return MandateRejections.Revoked.Because($"Mandate {mandate.Id} was revoked at {at:O}.");
            if (MandateCover.Terms(session, reseller, mandate) is { } refusal) return refusal;
            if (mandate.SessionsPerWeek is not { } most) return null;
            var week = Week.Of(session.StartsAt, _zone);
            var used = _used.GetValueOrDefault((mandate.Id, week.OpensAt));
            return used < most ? null : MandateCover.WeekIsFull(mandate, most, week, used);
        }

        private void Use(Guid mandateId, DateTimeOffset at)
        {
            var key = (mandateId, Week.Of(at, _zone).OpensAt);
            _used[key] = _used.GetValueOrDefault(key) + 1;
        }
    }

    private sealed class StreamedRow
    {
        public Guid MandateId { get; init; }

        public DateTimeOffset StartsAt { get; init; }
    }
}
