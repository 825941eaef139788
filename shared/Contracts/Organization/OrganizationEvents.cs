using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Contracts.Organization;

/// <summary>The three levels of the pyramid.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnitKind>))]
public enum UnitKind
{
    Headquarters,
    Region,
    Reseller,
}

/// <summary>What a reseller is to the brand group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResellerKind>))]
public enum ResellerKind
{
    Franchisee,
    Agent,
    Dealer,
    ServiceProvider,
}

/// <summary>Where a session is streamed and orders are placed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChannelKind>))]
public enum ChannelKind
{
    MiniProgram,
    VideoAccount,
    OfficialAccount,
    OfflineTerminal,
}

/// <summary>An org unit as it now stands. Older versions are to be ignored.</summary>
/// <remarks>Additive changes only. A changed meaning is a new record.</remarks>
[MessageUrn("live-commerce:organization:unit-changed")]
[EntityName("organization.unit-changed")]
public sealed record UnitChanged
{
    public required Guid UnitId { get; init; }

    /// <summary>Rises by one with each change of this unit.</summary>
    public required long Version { get; init; }

    public Guid? ParentId { get; init; }

    /// <summary>See <c>UnitPath</c>: <c>/aurora/north/r7/</c>.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required UnitKind Kind { get; init; }

    /// <summary>Set for resellers only.</summary>
    public ResellerKind? ResellerKind { get; init; }

    /// <summary>IANA name, such as Asia/Shanghai.</summary>
    public required string TimeZone { get; init; }

    /// <summary>ISO 4217; one currency a headquarters.</summary>
    public required string Currency { get; init; }

    public required bool IsActive { get; init; }
}

/// <summary>A brand as it now stands. Older versions are to be ignored.</summary>
[MessageUrn("live-commerce:organization:brand-changed")]
[EntityName("organization.brand-changed")]
public sealed record BrandChanged
{
    public required Guid BrandId { get; init; }

    public required long Version { get; init; }

    /// <summary>Path of the headquarters the brand belongs to.</summary>
    public required string HeadquartersPath { get; init; }

    /// <summary>Unique in its headquarters; product files name brands by it.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>A, B, … one capital letter.</summary>
    public required string Grade { get; init; }
}

/// <summary>A mandate as it now stands: granted, changed or revoked. Older versions are to be ignored.</summary>
[MessageUrn("live-commerce:organization:mandate-changed")]
[EntityName("organization.mandate-changed")]
public sealed record MandateChanged
{
    public required Guid MandateId { get; init; }

    public required long Version { get; init; }

    public required Guid ResellerId { get; init; }

    public required string ResellerPath { get; init; }

    /// <summary>Brands the reseller may stream for.</summary>
    public required IReadOnlyList<Guid> BrandIds { get; init; }

    /// <summary>Channels it may stream on.</summary>
    public required IReadOnlyList<ChannelKind> Channels { get; init; }

    public required DateTimeOffset OpensAt { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset ClosesAt { get; init; }

    /// <summary>Null: no limit. Weeks run Monday to Sunday in the reseller's time zone.</summary>
    public int? SessionsPerWeek { get; init; }

    /// <summary>Sessions start no earlier than this minute of the local day in the reseller's time zone, 0 to 1,440. Null: no limit.</summary>
    public int? EarliestMinute { get; init; }

    /// <summary>Sessions end no later than this minute of the local day, 0 to 1,440; not after <see cref="EarliestMinute"/>: of the day after. Null: no limit.</summary>
    public int? LatestMinute { get; init; }

    /// <summary>Percent of the list price, 0–100. Null: no limit.</summary>
    public int? DeepestDiscountPercent { get; init; }

    /// <summary>Coupons the reseller's campaigns may issue under this mandate. Null: no limit.</summary>
    public long? CouponQuota { get; init; }

    /// <summary>Set once revoked: what has not started by then stops.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
