using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Data;
using LiveCommerce.Orders.Metrics;

namespace LiveCommerce.Orders.Attribution;

/// <summary>Where a coupon stands, by its newest event.</summary>
internal enum CouponState
{
    Claimed,
    Locked,
    Redeemed,
    Released,
    RolledBack,
    Voided,
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

/// <summary>
/// A coupon is there once its claim, a use of it or an order that names it was heard of; ClaimedMicros is null until the claim
/// is. So a claim whose coupon is not there yet concerns nobody, and one statement deals with all such claims of a message.
/// </summary>
internal static class CouponSql
{
    private const string Columns = "Id, Path, SessionId, ChannelId, GuideId, CustomerId";

    // Lists, not objects: reading them is most of what a claim costs here, and names would double it.
    private const string Id = $"{Sql.Field}(value, '$[0]')";
    private const string Path = $"{Sql.Field}(value, '$[1]')";
    private const string SessionId = $"{Sql.Field}(value, '$[2]')";
    private const string ChannelId = $"{Sql.Field}(value, '$[3]')";
    private const string GuideId = $"{Sql.Field}(value, '$[4]')";
    private const string CustomerId = $"{Sql.Field}(value, '$[5]')";
    private const string ClaimedMicros = $"{Sql.Field}(value, '$[6]')";

    /// <summary>
    /// The claims whose coupons are not there, out of rows as <see cref="ClaimRows"/> makes them. ClaimedMicros is in
    /// microseconds since 1970 in both databases: the one form of an instant that both read alike out of JSON.
    /// </summary>
    internal const string InsertClaimed =
        "INSERT INTO Coupons (Id, Version, State, Path, SessionId, ChannelId, GuideId, CustomerId, ClaimedMicros) " +
        $"SELECT {Id}, 0, 'Claimed', {Path}, {SessionId}, {ChannelId}, {GuideId}, {CustomerId}, {ClaimedMicros} " +
        $"FROM {Sql.Rows} WHERE NOT EXISTS (SELECT 1 FROM Coupons c WHERE c.Id = {Id})";

    /// <summary>The claims of coupons that are there already, without them.</summary>
    internal const string FillIn =
        "UPDATE Coupons SET Path = r.Path, SessionId = r.SessionId, ChannelId = r.ChannelId, GuideId = r.GuideId, CustomerId = r.CustomerId, " +
        $"ClaimedMicros = r.ClaimedMicros FROM (SELECT {Id} AS Id, {Path} AS Path, {SessionId} AS SessionId, {ChannelId} AS ChannelId, " +
        $"{GuideId} AS GuideId, {CustomerId} AS CustomerId, {ClaimedMicros} AS ClaimedMicros FROM {Sql.Rows}) AS r " +
        "WHERE Coupons.Id = r.Id AND Coupons.ClaimedMicros IS NULL";

    internal const string Move =
        $"UPDATE Coupons SET Version = r.Version, State = @State FROM (SELECT {Sql.Field}(value, '$.CouponId') AS Id, " +
        $"{Sql.Field}(value, '$.Version') AS Version FROM {Sql.Rows}) AS r WHERE Coupons.Id = r.Id AND Coupons.Version < r.Version";

    /// <summary>Those whose use was heard of before their claim.</summary>
    internal const string InsertMoved =
        "INSERT INTO Coupons (Id, Version, State, Path, CustomerId) SELECT r.Id, r.Version, @State, '', '' " +
        $"FROM (SELECT {Sql.Field}(value, '$.CouponId') AS Id, {Sql.Field}(value, '$.Version') AS Version FROM {Sql.Rows}) AS r " +
        "WHERE NOT EXISTS (SELECT 1 FROM Coupons c WHERE c.Id = r.Id)";

    /// <summary>Those that an order names before anything else was heard of them.</summary>
    internal const string InsertAwaited =
        "INSERT INTO Coupons (Id, Version, State, Path, CustomerId) SELECT r.Id, 0, 'Claimed', '', '' " +
        $"FROM (SELECT {Sql.Field}(value, '$.CouponId') AS Id FROM {Sql.Rows}) AS r WHERE NOT EXISTS (SELECT 1 FROM Coupons c WHERE c.Id = r.Id)";

    /// <summary>Whoever is just changing one of them is waited for.</summary>
    internal const string Lock = $"UPDATE Coupons SET Version = Version WHERE Id IN {Sql.Ids}";

    internal const string ClaimsById = $"SELECT {Columns} FROM Coupons WHERE Id IN {Sql.Ids} AND ClaimedMicros IS NOT NULL";

    /// <summary>What <see cref="InsertClaimed"/> and <see cref="FillIn"/> read.</summary>
    internal static string ClaimRows(IEnumerable<ClaimedCoupon> claims) => Sql.Json(claims.Select(c =>
        new object?[] { c.CouponId, c.UnitPath, c.SessionId, c.ChannelId, c.GuideId, c.CustomerId, c.ClaimedAt.ToMicros() }));
}
