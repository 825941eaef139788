using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Mandates;

/// <summary>Changes what a mandate allows; whose it is stays.</summary>
internal static class ChangeMandate
{
    private const int MostBrands = 100;
    private const int MostSessionsPerWeek = 1_000;
    private const long LargestQuota = 1_000_000_000;
    private const int MinutesADay = 1_440;

    /// <param name="BrandIds">1 to 100 brands of the reseller's headquarters.</param>
    /// <param name="Channels">At least one kind.</param>
    /// <param name="OpensAt">From when.</param>
    /// <param name="ClosesAt">Until when, exclusive.</param>
    /// <param name="SessionsPerWeek">1 to 1,000; no limit if left out.</param>
    /// <param name="DeepestDiscountPercent">0 to 100 of the list price; no limit if left out.</param>
    /// <param name="CouponQuota">Up to 1,000,000,000 coupons; no limit if left out.</param>
    /// <param name="EarliestMinute">Minute of the day on the reseller's clock, 0 to 1,439: sessions start no earlier. No limit if left out.</param>
    /// <param name="LatestMinute">1 to 1,440: sessions end no later; before the earliest, over midnight. No limit if left out.</param>
    internal sealed record Request(
        IReadOnlyList<Guid> BrandIds,
        IReadOnlyList<ChannelKind> Channels,
        DateTimeOffset OpensAt,
        DateTimeOffset ClosesAt,
        int? SessionsPerWeek = null,
        int? DeepestDiscountPercent = null,
        long? CouponQuota = null,
        int? EarliestMinute = null,
        int? LatestMinute = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(BrandIds, 1, MostBrands, "/brandIds").Distinct(BrandIds, "/brandIds")
                .Size(Channels, 1, Enum.GetValues<ChannelKind>().Length, "/channels").Distinct(Channels, "/channels")
                .Order(OpensAt, ClosesAt, "/closesAt");
            for (var i = 0; i < Channels.Count; i++) faults.Known(Channels[i], $"/channels/{i}");
            if (SessionsPerWeek is { } sessions) faults.Range(sessions, 1, MostSessionsPerWeek, "/sessionsPerWeek");
            if (DeepestDiscountPercent is { } percent) faults.Range(percent, 0, 100, "/deepestDiscountPercent");
            if (CouponQuota is { } quota) faults.Range(quota, 0, LargestQuota, "/couponQuota");
            if (EarliestMinute is { } earliest) faults.Range(earliest, 0, MinutesADay - 1, "/earliestMinute");
            if (LatestMinute is { } latest)
            {
                faults.Range(latest, 1, MinutesADay, "/latestMinute")
                    .Check(latest != EarliestMinute, "/latestMinute", "mandate.no_hours", "Must not be the earliest minute: leave both out for the whole day.");
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/mandates/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, ChangeMandateHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(ChangeMandate), "Changes what a mandate allows. What is planned under it and no longer allowed is flagged.")
        .Allow(Permission.ManageMandates).Conditional()
        .Example(new Request(
            [Guid.Empty], [ChannelKind.MiniProgram],
            new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8)), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)),
            SessionsPerWeek: 2, DeepestDiscountPercent: 30, CouponQuota: 5_000, EarliestMinute: 9 * 60, LatestMinute: 23 * 60))
        .Gives<MandateView>()
        .Rejects(MandateRejections.NotFound, MandateRejections.OwnUnit, MandateRejections.Revoked, MandateRejections.BrandUnknown);
}

internal sealed class ChangeMandateHandler(OrganizationDb db)
{
    public Task<Result<MandateView>> Handle(Caller caller, Guid id, IfMatch ifMatch, ChangeMandate.Request body, CancellationToken ct) =>
        db.InTransaction<MandateView>(caller.Write, async work =>
        {
            var key = new { Id = id, caller.Scope, caller.ScopeEnd };
            if (await work.Find<MandateRow>(MandateSql.ById, key) is not { } mandate) return MandateRejections.Unknown(id);
            work.Audited(mandate.ToView());
            if (MandateRejections.UnlessAbove(caller, mandate.Path) is { } own) return own;
            if (mandate.RevokedAt is not null) return MandateRejections.Revoked.Because($"It was revoked at {mandate.RevokedAt:O}.");
            if (ifMatch.Check(mandate.Version) is { } stale) return stale;
            if (await MandateRejections.UnknownBrands(work, mandate.Path, body.BrandIds) is { } unknown) return unknown;
            if (await work.Execute(MandateSql.Change, mandate.With(body)) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            mandate = (await work.Find<MandateRow>(MandateSql.ById, key))!;
            work.Publish(mandate.ToEvent());
            return mandate.ToView();
        }, ct);
}
