using LiveCommerce.Data;

namespace LiveCommerce.Orders.Attribution;

/// <summary>Where a coupon stands, by its newest event.</summary>
internal enum CouponState
{
    Claimed,
    Locked,
    Redeemed,
    Released,
    RolledBack,
}

/// <summary>What is known of one claimed coupon.</summary>
internal sealed record CouponRow
{
    public Guid Id { get; init; }

    /// <summary>The unit credited with the claim.</summary>
    public string Path { get; init; } = "";

    public Guid? SessionId { get; init; }

    public Guid? ChannelId { get; init; }

    public string? GuideId { get; init; }

    public string CustomerId { get; init; } = "";
}

internal static class CouponSql
{
    private const string Columns = "Id, Path, SessionId, ChannelId, GuideId, CustomerId";

    /// <summary>
    /// Many claims in one statement. ClaimedMicros is in microseconds since 1970 in both databases: the one form of an
    /// instant that both read alike out of JSON.
    /// </summary>
    internal const string InsertMany =
        "INSERT INTO Coupons (Id, Version, State, Path, SessionId, ChannelId, GuideId, CustomerId, ClaimedMicros) " +
        $"SELECT {Sql.Field}(value, '$.Id'), 0, 'Claimed', {Sql.Field}(value, '$.Path'), {Sql.Field}(value, '$.SessionId'), " +
        $"{Sql.Field}(value, '$.ChannelId'), {Sql.Field}(value, '$.GuideId'), {Sql.Field}(value, '$.CustomerId'), " +
        $"{Sql.Field}(value, '$.ClaimedMicros') FROM {Sql.Rows}";

    internal const string Known = $"SELECT Id FROM Coupons WHERE Id IN {Sql.Ids}";

    /// <summary>The coupon's use was heard of first.</summary>
    internal const string FillIn =
        "UPDATE Coupons SET Path = @Path, SessionId = @SessionId, ChannelId = @ChannelId, GuideId = @GuideId, CustomerId = @CustomerId, " +
        "ClaimedMicros = @ClaimedMicros WHERE Id = @Id AND ClaimedMicros IS NULL";

    internal const string Insert =
        "INSERT INTO Coupons (Id, Version, State, Path, SessionId, CustomerId) VALUES (@Id, @Version, @State, @Path, @SessionId, @CustomerId)";

    internal const string Move = "UPDATE Coupons SET Version = @Version, State = @State WHERE Id = @Id AND Version < @Version";

    /// <summary>The row count says whether the coupon is there; one that is just coming is waited for.</summary>
    internal const string Lock = "UPDATE Coupons SET Version = Version WHERE Id = @Id";

    internal const string VersionById = "SELECT Version FROM Coupons WHERE Id = @Id";
    internal const string ClaimById = $"SELECT {Columns} FROM Coupons WHERE Id = @Id AND ClaimedMicros IS NOT NULL";
    internal const string ClaimsById = $"SELECT {Columns} FROM Coupons WHERE Id IN {Sql.Ids} AND ClaimedMicros IS NOT NULL";
}

/// <summary>What one order did with one coupon; may be heard of before the order.</summary>
internal static class CouponUseSql
{
    internal const string Exists = "SELECT COUNT(*) FROM CouponUses WHERE OrderId = @OrderId AND CouponId = @CouponId";

    internal const string Insert =
        "INSERT INTO CouponUses (OrderId, CouponId, Version, State, RefusalVersion, Refusal) " +
        "VALUES (@OrderId, @CouponId, @Version, @State, @RefusalVersion, @Refusal)";

    internal const string Move =
        "UPDATE CouponUses SET Version = @Version, State = @State WHERE OrderId = @OrderId AND CouponId = @CouponId AND Version < @Version";

    internal const string Refuse =
        "UPDATE CouponUses SET RefusalVersion = @RefusalVersion, Refusal = @Refusal " +
        "WHERE OrderId = @OrderId AND CouponId = @CouponId AND RefusalVersion < @RefusalVersion";

    /// <summary>The row count says whether there is any; one that is just coming is waited for.</summary>
    internal const string Lock = "UPDATE CouponUses SET Version = Version WHERE OrderId = @OrderId AND CouponId = @CouponId";

    internal const string CopyToOrder =
        "UPDATE Orders SET " +
        "CouponState = (SELECT State FROM CouponUses u WHERE u.OrderId = @OrderId AND u.CouponId = @CouponId), " +
        "CouponRefusal = (SELECT Refusal FROM CouponUses u WHERE u.OrderId = @OrderId AND u.CouponId = @CouponId) " +
        "WHERE Id = @OrderId AND CouponId = @CouponId";
}
