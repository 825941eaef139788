using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Brands;

namespace LiveCommerce.Organization.Mandates;

internal sealed record MandateRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid ResellerId { get; init; }

    /// <summary>Of the reseller: whoever covers it reads the mandate.</summary>
    public string Path { get; init; } = "";

    /// <summary>JSON array of brand ids.</summary>
    public string BrandIds { get; init; } = "[]";

    /// <summary>JSON array of channel kinds.</summary>
    public string Channels { get; init; } = "[]";

    public DateTimeOffset OpensAt { get; init; }

    public DateTimeOffset ClosesAt { get; init; }

    public int? SessionsPerWeek { get; init; }

    public int? DeepestDiscountPercent { get; init; }

    public long? CouponQuota { get; init; }

    public int? EarliestMinute { get; init; }

    public int? LatestMinute { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public MandateRow With(ChangeMandate.Request terms) => this with
    {
        BrandIds = Sql.Json(terms.BrandIds),
        Channels = Sql.Json(terms.Channels),
        OpensAt = terms.OpensAt,
        ClosesAt = terms.ClosesAt,
        SessionsPerWeek = terms.SessionsPerWeek,
        DeepestDiscountPercent = terms.DeepestDiscountPercent,
        CouponQuota = terms.CouponQuota,
        EarliestMinute = terms.EarliestMinute,
        LatestMinute = terms.LatestMinute,
    };

    public MandateView ToView() => new(
        Id, Version, ResellerId, Path, Sql.FromJson<Guid[]>(BrandIds), Sql.FromJson<ChannelKind[]>(Channels),
        OpensAt, ClosesAt, SessionsPerWeek, DeepestDiscountPercent, CouponQuota, EarliestMinute, LatestMinute, RevokedAt);

    public MandateChanged ToEvent() => new()
    {
        MandateId = Id,
        Version = Version,
        ResellerId = ResellerId,
        ResellerPath = Path,
        BrandIds = Sql.FromJson<Guid[]>(BrandIds),
        Channels = Sql.FromJson<ChannelKind[]>(Channels),
        OpensAt = OpensAt,
        ClosesAt = ClosesAt,
        SessionsPerWeek = SessionsPerWeek,
        DeepestDiscountPercent = DeepestDiscountPercent,
        CouponQuota = CouponQuota,
        EarliestMinute = EarliestMinute,
        LatestMinute = LatestMinute,
        RevokedAt = RevokedAt,
    };
}

/// <summary>Leave for a reseller to stream for brands, on channels, within <c>[OpensAt, ClosesAt)</c>.</summary>
/// <param name="Id">The mandate.</param>
/// <param name="Version">Rises by one with each change.</param>
/// <param name="ResellerId">Who may stream.</param>
/// <param name="ResellerPath">Its path.</param>
/// <param name="BrandIds">For which brands.</param>
/// <param name="Channels">On which kinds of channel.</param>
/// <param name="OpensAt">From when.</param>
/// <param name="ClosesAt">Until when, exclusive.</param>
/// <param name="SessionsPerWeek">Monday to Sunday in the reseller's time zone. Null: no limit.</param>
/// <param name="DeepestDiscountPercent">Of the list price. Null: no limit.</param>
/// <param name="CouponQuota">Coupons its campaigns may issue. Null: no limit.</param>
/// <param name="EarliestMinute">A session starts no earlier: minute of the day on the reseller's clock. Null: no limit.</param>
/// <param name="LatestMinute">It ends no later; before the earliest, over midnight. Null: no limit.</param>
/// <param name="RevokedAt">Null while it is in force.</param>
internal sealed record MandateView(
    Guid Id,
    long Version,
    Guid ResellerId,
    string ResellerPath,
    IReadOnlyList<Guid> BrandIds,
    IReadOnlyList<ChannelKind> Channels,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt,
    int? SessionsPerWeek,
    int? DeepestDiscountPercent,
    long? CouponQuota,
    int? EarliestMinute,
    int? LatestMinute,
    DateTimeOffset? RevokedAt) : IVersioned;

internal static class MandateSql
{
    private const string Columns =
        "Seq, Id, Version, ResellerId, Path, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, DeepestDiscountPercent, CouponQuota, EarliestMinute, LatestMinute, RevokedAt";

    internal const string Insert =
        "INSERT INTO Mandates (Id, Version, ResellerId, Path, BrandIds, Channels, OpensAt, ClosesAt, SessionsPerWeek, DeepestDiscountPercent, CouponQuota, EarliestMinute, LatestMinute, RevokedAt) " +
        "VALUES (@Id, @Version, @ResellerId, @Path, @BrandIds, @Channels, @OpensAt, @ClosesAt, @SessionsPerWeek, @DeepestDiscountPercent, @CouponQuota, @EarliestMinute, @LatestMinute, @RevokedAt)";

    internal const string ById = $"SELECT {Columns} FROM Mandates WHERE Id = @Id AND {Sql.InScope}";
    internal const string Page = $"SELECT {Columns} FROM Mandates WHERE {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string PageOfReseller = $"SELECT {Columns} FROM Mandates WHERE ResellerId = @ResellerId AND {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string PageOfAll = $"SELECT {Columns} FROM Mandates WHERE Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string OfResellers = $"SELECT {Columns} FROM Mandates WHERE ResellerId IN {Sql.Ids} ORDER BY Seq";

    internal const string Change =
        "UPDATE Mandates SET Version = Version + 1, BrandIds = @BrandIds, Channels = @Channels, OpensAt = @OpensAt, ClosesAt = @ClosesAt, SessionsPerWeek = @SessionsPerWeek, " +
        "DeepestDiscountPercent = @DeepestDiscountPercent, CouponQuota = @CouponQuota, EarliestMinute = @EarliestMinute, LatestMinute = @LatestMinute " +
        "WHERE Id = @Id AND Version = @Version AND RevokedAt IS NULL";

    /// <summary>The row count decides who of several revokes it.</summary>
    internal const string Revoke = "UPDATE Mandates SET Version = Version + 1, RevokedAt = @Now WHERE Id = @Id AND RevokedAt IS NULL";
}

internal static class MandateRejections
{
    internal static readonly RejectionKind NotFound = new("mandate.not_found", 404, "No such mandate within the caller's reach.");
    internal static readonly RejectionKind BrandUnknown = new("mandate.brand_unknown", 409, "The reseller's headquarters has no such brand.");
    internal static readonly RejectionKind NotReseller = new("mandate.not_a_reseller", 409, "Only a reseller streams under a mandate.");
    internal static readonly RejectionKind OwnUnit = new("mandate.own_unit", 409, "A mandate is granted, changed and revoked from above the reseller, not by itself.");
    internal static readonly RejectionKind Revoked = new("mandate.revoked", 409, "The mandate was revoked; grant another.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No mandate {id}.");

    internal static async Task<Rejection?> UnknownBrands(UnitOfWork work, string reseller, IReadOnlyList<Guid> ids)
    {
        var brands = await work.Query<BrandRow>(BrandSql.ByIds, new { Headquarters = UnitPath.Headquarters(reseller), Ids = Sql.Json(ids) });
        var known = brands.Select(b => b.Id).ToHashSet();
        var faults = ids
            .Select((id, i) => new Fault($"/brandIds/{i}", BrandUnknown.Code, $"No brand {id}."))
            .Where((_, i) => !known.Contains(ids[i]))
            .ToList();
        return faults.Count == 0
            ? null
            : BrandUnknown.Because($"{faults.Count} of {ids.Count} brands are unknown; see faults for each.") with { Faults = faults };
    }

    internal static Rejection? UnlessAbove(Caller caller, string reseller) =>
        caller.Path == reseller ? OwnUnit.Because($"The caller stands at {reseller} itself.") : null;
}
