using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Lineups.PriceLists;

/// <summary>Whether live prices hold. Never stored: it follows from the session and the clock.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PriceListStatus>))]
internal enum PriceListStatus
{
    Pending,
    InForce,
    Over,
}

/// <summary>One product's live price.</summary>
internal sealed record PriceItem(
    Guid ProductId,
    string ProductCode,
    long LivePriceMinor,
    long ListPriceMinor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? LiveStock = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PerCustomerLimit = null);

/// <summary>A session's live prices as last published.</summary>
internal sealed record PriceListRow
{
    public long Seq { get; init; }

    public Guid SessionId { get; init; }

    public long Version { get; init; }

    /// <summary>The lineup it was made from.</summary>
    public long LineupVersion { get; init; }

    public string OwnerPath { get; init; } = "";

    public string Currency { get; init; } = "";

    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>JSON array of <see cref="PriceItem"/>.</summary>
    public string Prices { get; init; } = "[]";

    public IReadOnlyList<PriceItem> PriceItems => Sql.FromJson<PriceItem[]>(Prices);

    public PriceListView ToView(SessionStatus session, DateTimeOffset opensAt, DateTimeOffset closesAt, DateTimeOffset now) => new(
        SessionId, Version, Currency, PriceListRules.StatusAt(now, session, opensAt, closesAt), opensAt, closesAt, PublishedAt, PriceItems);

    public PriceListPublished ToEvent() => new()
    {
        SessionId = SessionId,
        Version = Version,
        OwnerPath = OwnerPath,
        Currency = Currency,
        PublishedAt = PublishedAt,
        Prices = [.. PriceItems.Select(p => new LivePrice
        {
            ProductId = p.ProductId,
            ProductCode = p.ProductCode,
            LivePriceMinor = p.LivePriceMinor,
            ListPriceMinor = p.ListPriceMinor,
            LiveStock = p.LiveStock,
            PerCustomerLimit = p.PerCustomerLimit,
        })],
    };
}

/// <summary>A session's live prices and whether they hold.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Version">Rises with each publication.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Status">At the moment of the answer.</param>
/// <param name="OpensAt">The session's live start; moves with it.</param>
/// <param name="ClosesAt">The session's live end; moves with it. While the session is live past it, prices hold on.</param>
/// <param name="PublishedAt">When this version was published.</param>
/// <param name="Prices">In the order of the run.</param>
internal sealed record PriceListView(
    Guid SessionId,
    long Version,
    string Currency,
    PriceListStatus Status,
    DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt,
    DateTimeOffset PublishedAt,
    IReadOnlyList<PriceItem> Prices);

internal static class PriceListRules
{
    /// <summary>Once the session is live, its buttons rule and not the plan; until then the plan does, if it has a slot in it.</summary>
    public static PriceListStatus StatusAt(DateTimeOffset now, SessionStatus session, DateTimeOffset opensAt, DateTimeOffset closesAt) => session switch
    {
        SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed or SessionStatus.Cancelled => PriceListStatus.Over,
        SessionStatus.Live => PriceListStatus.InForce,
        SessionStatus.Draft or SessionStatus.Submitted or SessionStatus.Rejected or SessionStatus.Displaced => PriceListStatus.Pending,
        SessionStatus.Scheduled or SessionStatus.WarmUp when now < opensAt => PriceListStatus.Pending,
        SessionStatus.Scheduled or SessionStatus.WarmUp => now < closesAt ? PriceListStatus.InForce : PriceListStatus.Over,
        _ => throw new InvalidOperationException($"No price list status for a session that is {session}."),
    };
}

internal static class PriceListSql
{
    private const string Columns = "Seq, SessionId, Version, LineupVersion, OwnerPath, Currency, PublishedAt, Prices";

    internal const string BySession = $"SELECT {Columns} FROM PriceLists WHERE SessionId = @SessionId";

    internal const string Page = $"SELECT {Columns} FROM PriceLists WHERE Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO PriceLists (SessionId, Version, LineupVersion, OwnerPath, Currency, PublishedAt, Prices) " +
        "VALUES (@SessionId, @Version, @LineupVersion, @OwnerPath, @Currency, @PublishedAt, @Prices)";

    internal const string Update =
        "UPDATE PriceLists SET Version = @Version, LineupVersion = @LineupVersion, Currency = @Currency, PublishedAt = @PublishedAt, Prices = @Prices " +
        "WHERE SessionId = @SessionId AND Version = @Version - 1";

    /// <summary>One product as a session's shop needs it; null where there is no such product or no price list.</summary>
    internal const string Price =
        "SELECT s.OwnerPath, s.Status, s.LiveStartsAt, s.LiveEndsAt, p.Id AS ProductId, p.ListPriceMinor, u.Currency, l.Prices " +
        "FROM Sessions s " +
        "LEFT JOIN Products p ON p.HeadquartersPath = @HeadquartersPath AND p.Code = @ProductCode " +
        "LEFT JOIN PriceLists l ON l.SessionId = s.Id " +
        "LEFT JOIN Units u ON u.Path = s.OwnerPath " +
        "WHERE s.Id = @SessionId";
}

internal static class PriceListRejections
{
    internal static readonly RejectionKind NotFound = new("price_list.not_found", 404, "The session has no price list.");
    internal static readonly RejectionKind LineupNotFinal = new("price_list.lineup_not_final", 409, "Only a final lineup's prices can be published.");
    internal static readonly RejectionKind CurrencyUnknown = new("price_list.currency_unknown", 409, "The session's unit has not been heard of here yet; try again in a moment.");
    internal static readonly RejectionKind PriceNotFound = new("price.not_found", 404, "The product has no price.");
}
