using System.Text.Json.Serialization;
using MassTransit;

namespace LiveCommerce.Contracts.Lineups;

/// <summary>How much of the floor an item gets.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemKind>))]
public enum ItemKind
{
    /// <summary>Full treatment: brand, product, selling points, comparison, price, urge to buy.</summary>
    Hot,

    /// <summary>Selling points and price.</summary>
    Regular,

    /// <summary>Loss leader.</summary>
    Benefit,
}

/// <summary>One product of a final lineup, in the order of the run.</summary>
public sealed record FinalItem
{
    public required Guid ProductId { get; init; }

    public required string ProductCode { get; init; }

    public required string Name { get; init; }

    public required ItemKind Kind { get; init; }

    /// <summary>Planned minutes on the floor.</summary>
    public required int Minutes { get; init; }
}

/// <summary>A session's lineup is final. A newer version replaces it.</summary>
[MessageUrn("live-commerce:lineups:lineup-finalized")]
[EntityName("lineups.lineup-finalized")]
public sealed record LineupFinalized
{
    public required Guid SessionId { get; init; }

    /// <summary>The lineup document's version; rises with each change.</summary>
    public required long Version { get; init; }

    public required string OwnerPath { get; init; }

    public required DateTimeOffset FinalizedAt { get; init; }

    public required IReadOnlyList<FinalItem> Items { get; init; }
}

/// <summary>One product's price while the session is live.</summary>
public sealed record LivePrice
{
    public required Guid ProductId { get; init; }

    public required string ProductCode { get; init; }

    /// <summary>Minor units; never below the product's floor price.</summary>
    public required long LivePriceMinor { get; init; }

    /// <summary>Minor units; what holds outside the session.</summary>
    public required long ListPriceMinor { get; init; }

    /// <summary>Pieces set aside for the session. Null: not limited.</summary>
    public long? LiveStock { get; init; }

    /// <summary>Pieces one customer may buy. Null: not limited.</summary>
    public int? PerCustomerLimit { get; init; }
}

/// <summary>A session's live prices. They hold from its live start to its live end, wherever those move. A newer version replaces it.</summary>
[MessageUrn("live-commerce:lineups:price-list-published")]
[EntityName("lineups.price-list-published")]
public sealed record PriceListPublished
{
    public required Guid SessionId { get; init; }

    /// <summary>Rises with each publication.</summary>
    public required long Version { get; init; }

    public required string OwnerPath { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required IReadOnlyList<LivePrice> Prices { get; init; }
}
