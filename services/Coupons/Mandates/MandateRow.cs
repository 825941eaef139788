using LiveCommerce.Coupons.Reactions;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Mandates;

/// <summary>What is known here of a mandate.</summary>
internal sealed record MandateRow
{
    public Guid Id { get; init; }

    /// <summary>As it was told.</summary>
    public long Version { get; init; }

    public Guid ResellerId { get; init; }

    /// <summary>JSON array of ids.</summary>
    public string BrandIds { get; init; } = "[]";

    public DateTimeOffset OpensAt { get; init; }

    public DateTimeOffset ClosesAt { get; init; }

    /// <summary>Null: no limit.</summary>
    public int? DeepestDiscountPercent { get; init; }

    /// <summary>Coupons; null: no limit.</summary>
    public long? CouponQuota { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Coupons handed out under it, and those running campaigns may yet hand out.</summary>
    public long QuotaTaken { get; init; }

    public Window Dates => new(OpensAt, ClosesAt);

    public IReadOnlyList<Guid> BrandList => Sql.FromJson<Guid[]>(BrandIds);
}

internal static class MandateSql
{
    private const string Columns = "Id, ResellerId, BrandIds, OpensAt, ClosesAt, DeepestDiscountPercent, CouponQuota, RevokedAt, QuotaTaken";

    internal const string State = "SELECT Version, OpensAt, ClosesAt FROM Mandates WHERE Id = @Id";

    /// <summary>Revoked ones too, so that a refusal can say so. The one that closes first is used up first.</summary>
    internal const string OfReseller = $"SELECT {Columns} FROM Mandates WHERE ResellerId = @ResellerId ORDER BY ClosesAt, Seq";

    internal const string Insert =
        "INSERT INTO Mandates (Id, Version, ResellerId, BrandIds, OpensAt, ClosesAt, DeepestDiscountPercent, CouponQuota, RevokedAt, QuotaTaken) " +
        "VALUES (@Id, @Version, @ResellerId, @BrandIds, @OpensAt, @ClosesAt, @DeepestDiscountPercent, @CouponQuota, @RevokedAt, 0)";

    internal const string Update =
        "UPDATE Mandates SET Version = @Version, ResellerId = @ResellerId, BrandIds = @BrandIds, OpensAt = @OpensAt, ClosesAt = @ClosesAt, " +
        "DeepestDiscountPercent = @DeepestDiscountPercent, CouponQuota = @CouponQuota, RevokedAt = @RevokedAt WHERE Id = @Id AND Version < @Version";

    /// <summary>No rows: that much does not remain, or it was revoked at this moment. Giving back always goes.</summary>
    internal const string Take =
        "UPDATE Mandates SET QuotaTaken = QuotaTaken + @Coupons WHERE Id = @Id AND (@Coupons <= 0 OR (RevokedAt IS NULL AND (CouponQuota IS NULL OR QuotaTaken + @Coupons <= CouponQuota)))";
}

internal static class MandateRejections
{
    internal static readonly RejectionKind Missing = new("mandate.missing", 409, "A reseller's campaign runs only under a mandate of its own.");
    internal static readonly RejectionKind Revoked = new("mandate.revoked", 409, "The mandate was revoked.");
    internal static readonly RejectionKind BrandNotCovered = new("mandate.brand_not_covered", 409, "The mandate does not name every brand of the campaign.");
    internal static readonly RejectionKind OutsideDates = new("mandate.outside_dates", 409, "The claim window is not wholly within the mandate's dates, or the mandate has run out.");
    internal static readonly RejectionKind DiscountTooDeep = new("mandate.discount_too_deep", 409, "The benefit is deeper than the mandate allows.");
    internal static readonly RejectionKind QuotaSpent = new("mandate.quota_spent", 409, "The mandate does not allow that many coupons more.");

    /// <summary>The later, the closer.</summary>
    internal static readonly RejectionKind[] All = [Missing, Revoked, BrandNotCovered, OutsideDates, DiscountTooDeep, QuotaSpent];

    /// <summary>Why claims of a running campaign may be refused.</summary>
    internal static readonly RejectionKind[] Holds = [UnitRejections.Inactive, .. All];

    internal static Rejection Held(string code) => Holds.First(k => k.Code == code).Because("The campaign was started under other conditions; they no longer hold.");
}
