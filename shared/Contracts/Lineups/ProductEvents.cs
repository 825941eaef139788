using MassTransit;

namespace LiveCommerce.Contracts.Lineups;

/// <summary>What other services need to know of a product.</summary>
public sealed record ProductState
{
    public required Guid ProductId { get; init; }

    /// <summary>Rises by one with each change of this product. Older versions are to be ignored.</summary>
    public required long Version { get; init; }

    /// <summary>The catalogue's own, unique in the headquarters.</summary>
    public required string Code { get; init; }

    public Guid? BrandId { get; init; }

    /// <summary>From the widest to the narrowest: <c>Apparel/Topwear/Shirts</c>.</summary>
    public string? Category { get; init; }

    /// <summary>Minor units a piece; nothing may bring the price below it. Null: no floor.</summary>
    public long? FloorPriceMinor { get; init; }
}

/// <summary>Products of one headquarters' catalogue were added or changed. A large import sends several.</summary>
[MessageUrn("live-commerce:lineups:products-changed")]
[EntityName("lineups.products-changed")]
public sealed record ProductsChanged(string HeadquartersPath, IReadOnlyList<ProductState> Products);
