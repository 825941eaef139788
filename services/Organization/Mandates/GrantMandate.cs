using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Brands;
using LiveCommerce.Organization.Units;

namespace LiveCommerce.Organization.Mandates;

/// <summary>A unit above a reseller lets it stream.</summary>
internal static class GrantMandate
{
    private const int MostBrands = 100;
    private const int MostSessionsPerWeek = 1_000;
    private const long LargestQuota = 1_000_000_000;

    /// <param name="ResellerId">Below the caller.</param>
    /// <param name="BrandIds">1 to 100 brands of its headquarters.</param>
    /// <param name="Channels">At least one kind.</param>
    /// <param name="OpensAt">From when.</param>
    /// <param name="ClosesAt">Until when, exclusive.</param>
    /// <param name="SessionsPerWeek">1 to 1,000, Monday to Sunday in the reseller's time zone; no limit if left out.</param>
    /// <param name="DeepestDiscountPercent">0 to 100 of the list price; no limit if left out.</param>
    /// <param name="CouponQuota">Up to 1,000,000,000 coupons; no limit if left out.</param>
    internal sealed record Request(
        Guid ResellerId,
        IReadOnlyList<Guid> BrandIds,
        IReadOnlyList<ChannelKind> Channels,
        DateTimeOffset OpensAt,
        DateTimeOffset ClosesAt,
        int? SessionsPerWeek = null,
        int? DeepestDiscountPercent = null,
        long? CouponQuota = null) : IValidated
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
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/mandates", async (Body<Request> body, Caller caller, GrantMandateHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(GrantMandate), "Lets a reseller below the caller stream for brands, on channels, between two dates.")
        .Allow(Permission.ManageMandates)
        .Example(new Request(
            Guid.Empty, [Guid.Empty], [ChannelKind.MiniProgram, ChannelKind.VideoAccount],
            new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8)), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(8)),
            SessionsPerWeek: 3, DeepestDiscountPercent: 40, CouponQuota: 10_000))
        .Gives<MandateView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, MandateRejections.NotReseller, MandateRejections.OwnUnit, MandateRejections.BrandUnknown);
}

internal sealed class GrantMandateHandler(OrganizationDb db, TimeProvider clock)
{
    public Task<Result<MandateView>> Handle(Caller caller, GrantMandate.Request body, CancellationToken ct) =>
        db.InTransaction<MandateView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.ById, new { Id = body.ResellerId, caller.Scope, caller.ScopeEnd }) is not { } reseller)
                return UnitRejections.Unknown(body.ResellerId);
            if (reseller.Kind != UnitKind.Reseller) return MandateRejections.NotReseller.Because($"{reseller.Name} is a {reseller.Kind}.");
            if (MandateRejections.UnlessAbove(caller, reseller.Path) is { } own) return own;
            if (await UnknownBrands(work, reseller, body.BrandIds) is { } unknown) return unknown;
            var mandate = new MandateRow
            {
                Id = clock.NewId(),
                Version = 1,
                ResellerId = reseller.Id,
                Path = reseller.Path,
                BrandIds = Sql.Json(body.BrandIds),
                Channels = Sql.Json(body.Channels),
                OpensAt = body.OpensAt,
                ClosesAt = body.ClosesAt,
                SessionsPerWeek = body.SessionsPerWeek,
                DeepestDiscountPercent = body.DeepestDiscountPercent,
                CouponQuota = body.CouponQuota,
            };
            await work.Execute(MandateSql.Insert, mandate);
            work.Publish(mandate.ToEvent());
            return mandate.ToView();
        }, ct);

    private static async Task<Rejection?> UnknownBrands(UnitOfWork work, UnitRow reseller, IReadOnlyList<Guid> ids)
    {
        var brands = await work.Query<BrandRow>(BrandSql.ByIds, new { Headquarters = UnitPath.Headquarters(reseller.Path), Ids = Sql.Json(ids) });
        var known = brands.Select(b => b.Id).ToHashSet();
        var faults = ids
            .Select((id, i) => new Fault($"/brandIds/{i}", MandateRejections.BrandUnknown.Code, $"No brand {id}."))
            .Where((_, i) => !known.Contains(ids[i]))
            .ToList();
        return faults.Count == 0
            ? null
            : MandateRejections.BrandUnknown.Because($"{faults.Count} of {ids.Count} brands are unknown; see faults for each.") with { Faults = faults };
    }
}
