using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Products;

namespace LiveCommerce.Lineups.Lineups;

[JsonConverter(typeof(JsonStringEnumConverter<LineupStatus>))]
internal enum LineupStatus
{
    Draft,

    /// <summary>Told to everybody; an edit makes it a draft again.</summary>
    Final,
}

/// <summary>One place of a lineup, as somebody chose it.</summary>
/// <param name="ProductId">A priced product of the headquarters' catalogue.</param>
/// <param name="Kind">How much of the floor it gets.</param>
/// <param name="Minutes">Planned minutes on the floor, 1 to 60.</param>
/// <param name="LivePriceMinor">Minor units; not below the floor price, not above the list price.</param>
/// <param name="LiveStock">Pieces set aside for the session. Left out: not limited.</param>
/// <param name="PerCustomerLimit">Pieces one customer may buy, 1 to 1,000. Left out: not limited.</param>
internal sealed record LineupChoice(Guid ProductId, ItemKind Kind, int Minutes, long LivePriceMinor, long? LiveStock = null, int? PerCustomerLimit = null);

/// <summary>One place of a lineup, with what the catalogue said of the product when it was saved.</summary>
internal sealed record LineupItem(
    int Position,
    Guid ProductId,
    string Code,
    string Name,
    ItemKind Kind,
    int Minutes,
    long ListPriceMinor,
    long LivePriceMinor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? LiveStock = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PerCustomerLimit = null)
{
    public static LineupItem Of(LineupChoice choice, int position, ProductRow product) => new(
        position, product.Id, product.Code, product.Name, choice.Kind, choice.Minutes, product.ListPriceMinor!.Value, choice.LivePriceMinor, choice.LiveStock, choice.PerCustomerLimit);

    public LineupChoice ToChoice() => new(ProductId, Kind, Minutes, LivePriceMinor, LiveStock, PerCustomerLimit);
}

/// <summary>Something to think about; not a refusal.</summary>
internal sealed record LineupWarning(string Code, string Detail);

/// <summary>A session's lineup: one document, one version.</summary>
internal sealed record LineupRow
{
    public long Seq { get; init; }

    public Guid SessionId { get; init; }

    public long Version { get; init; }

    public string OwnerPath { get; init; } = "";

    public LineupStatus Status { get; init; }

    public int TotalMinutes { get; init; }

    public DateTimeOffset? FinalizedAt { get; init; }

    /// <summary>JSON array of <see cref="LineupWarning"/>.</summary>
    public string Warnings { get; init; } = "[]";

    /// <summary>JSON array of <see cref="LineupItem"/>.</summary>
    public string Items { get; init; } = "[]";

    public IReadOnlyList<LineupItem> ItemList => Sql.FromJson<LineupItem[]>(Items);

    public LineupView ToView() => new(SessionId, Version, Status, OwnerPath, TotalMinutes, ItemList, Sql.FromJson<LineupWarning[]>(Warnings), FinalizedAt);

    public LineupFinalized ToEvent() => new()
    {
        SessionId = SessionId,
        Version = Version,
        OwnerPath = OwnerPath,
        FinalizedAt = FinalizedAt!.Value,
        Items = [.. ItemList.Select(i => new FinalItem { ProductId = i.ProductId, ProductCode = i.Code, Name = i.Name, Kind = i.Kind, Minutes = i.Minutes })],
    };

    public object ToParameters() => new { SessionId, Version, Was = Version - 1, OwnerPath, Status = Status.ToString(), TotalMinutes, FinalizedAt, Warnings, Items };
}

/// <summary>A lineup in the order of the run. Its warnings are of the moment it was saved or finalized.</summary>
internal sealed record LineupView(
    Guid SessionId,
    long Version,
    LineupStatus Status,
    string OwnerPath,
    int TotalMinutes,
    IReadOnlyList<LineupItem> Items,
    IReadOnlyList<LineupWarning> Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? FinalizedAt = null) : IVersioned;

internal static class LineupSql
{
    private const string Columns = "Seq, SessionId, Version, OwnerPath, Status, TotalMinutes, FinalizedAt, Warnings, Items";

    /// <summary>All a hot read needs; short of the document itself, which may be in memory.</summary>
    internal const string Head = "SELECT Version, OwnerPath FROM Lineups WHERE SessionId = @SessionId";

    internal const string BySession = $"SELECT {Columns} FROM Lineups WHERE SessionId = @SessionId";

    internal const string FinalPage = $"SELECT {Columns} FROM Lineups WHERE Status = 'Final' AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO Lineups (SessionId, Version, OwnerPath, Status, TotalMinutes, FinalizedAt, Warnings, Items) " +
        "VALUES (@SessionId, @Version, @OwnerPath, @Status, @TotalMinutes, @FinalizedAt, @Warnings, @Items)";

    internal const string Update =
        "UPDATE Lineups SET Version = @Version, Status = @Status, TotalMinutes = @TotalMinutes, FinalizedAt = @FinalizedAt, Warnings = @Warnings, Items = @Items " +
        "WHERE SessionId = @SessionId AND Version = @Was";
}

internal static class LineupRejections
{
    internal static readonly RejectionKind NotFound = new("lineup.not_found", 404, "The session has no lineup yet, or is beyond the caller's reach.");
    internal static readonly RejectionKind SessionOver = new("lineup.session_over", 409, "The session has ended or was cancelled.");
    internal static readonly RejectionKind Empty = new("lineup.empty", 409, "There is nothing in the lineup.");
    internal static readonly RejectionKind ProductUnknown = new("lineup.product_unknown", 409, "The catalogue has no such product.");
    internal static readonly RejectionKind ProductUnpriced = new("lineup.product_unpriced", 409, "A product without list price cannot be sold live.");
    internal static readonly RejectionKind PriceBelowFloor = new("lineup.price_below_floor", 409, "A live price is below the product's floor price.");
    internal static readonly RejectionKind PriceAboveList = new("lineup.price_above_list", 409, "A live price is above the product's list price.");
    internal static readonly RejectionKind DiscountTooDeep = new("mandate.discount_too_deep", 409, "A live price is a deeper discount than the mandate allows.");
    internal static readonly RejectionKind MandateRevoked = new("mandate.revoked", 409, "The session's mandate was revoked.");
    internal static readonly RejectionKind OutsideDates = new("mandate.outside_dates", 409, "The session is not wholly within its mandate's dates, or the mandate has run out.");
    internal static readonly RejectionKind MandateUnknown = new("mandate.not_known_yet", 409, "The session's mandate has not been heard of here yet; try again in a moment.");

    /// <summary>What <see cref="Composition.Of"/> can refuse.</summary>
    internal static readonly RejectionKind[] OfComposition = [ProductUnknown, ProductUnpriced, PriceBelowFloor, PriceAboveList, DiscountTooDeep, MandateUnknown];

    internal static Rejection Over(Guid sessionId) => SessionOver.Because($"Session {sessionId} is over.");
}
