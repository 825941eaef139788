using LiveCommerce.Contracts.Organization;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Units;

namespace LiveCommerce.Organization.Mandates;

/// <summary>A unit above a reseller lets it stream.</summary>
internal static class GrantMandate
{
    /// <param name="ResellerId">Below the caller.</param>
    /// <param name="BrandIds">1 to 100 brands of its headquarters.</param>
    /// <param name="Channels">At least one kind.</param>
    /// <param name="OpensAt">From when.</param>
    /// <param name="ClosesAt">Until when, exclusive.</param>
    /// <param name="SessionsPerWeek">1 to 1,000, Monday to Sunday in the reseller's time zone; no limit if left out.</param>
    /// <param name="DeepestDiscountPercent">0 to 100 of the list price; no limit if left out.</param>
    /// <param name="CouponQuota">Up to 1,000,000,000 coupons; no limit if left out.</param>
    /// <param name="EarliestMinute">Minute of the day on the reseller's clock, 0 to 1,439: sessions start no earlier. No limit if left out.</param>
    /// <param name="LatestMinute">1 to 1,440: sessions end no later; before the earliest, over midnight. No limit if left out.</param>
    internal sealed record Request(
        Guid ResellerId,
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
        public ChangeMandate.Request Terms() => new(
            BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, DeepestDiscountPercent, CouponQuota, EarliestMinute, LatestMinute);

        public void Validate(Faults faults) => Terms().Validate(faults);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/mandates", async (Body<Request> body, Caller caller, GrantMandateHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(GrantMandate), "Lets a reseller below the caller stream for brands, on channels, between two dates.")
        .Allow(Permission.ManageMandates)
        .Example(new Request(
            Guid.Empty, [Guid.Empty], [ChannelKind.MiniProgram, ChannelKind.VideoAccount],
            new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8)), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)),
            SessionsPerWeek: 3, DeepestDiscountPercent: 40, CouponQuota: 10_000, EarliestMinute: 9 * 60, LatestMinute: 23 * 60))
        .Gives<MandateView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, UnitRejections.Inactive, MandateRejections.NotReseller, MandateRejections.OwnUnit, MandateRejections.BrandUnknown);
}

internal sealed class GrantMandateHandler(OrganizationDb db, TimeProvider clock)
{
    public Task<Result<MandateView>> Handle(Caller caller, GrantMandate.Request body, CancellationToken ct) =>
        db.InTransaction<MandateView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, body.ResellerId) is not { } reseller) return UnitRejections.Unknown(body.ResellerId);
            if (reseller.Kind != UnitKind.Reseller) return MandateRejections.NotReseller.Because($"{reseller.Name} is a {reseller.Kind}.");
            if (MandateRejections.UnlessAbove(caller, reseller.Path) is { } own) return own;
            if (await UnitTree.Inactive(work, reseller.Path) is { } inactive) return inactive;
            if (await MandateRejections.UnknownBrands(work, reseller.Path, body.BrandIds) is { } unknown) return unknown;
            var mandate = new MandateRow { Id = clock.NewId(), Version = 1, ResellerId = reseller.Id, Path = reseller.Path }.With(body.Terms());
            await work.Execute(MandateSql.Insert, mandate);
            work.Publish(mandate.ToEvent());
            return mandate.ToView();
        }, ct);
}
