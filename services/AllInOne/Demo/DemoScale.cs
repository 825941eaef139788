namespace LiveCommerce.AllInOne.Demo;

/// <summary>How large a group to play.</summary>
internal sealed record DemoScale
{
    /// <summary>What a new data folder is filled with, to explore.</summary>
    public static readonly DemoScale Seed = new() { Regions = 2, Resellers = 4, Brands = 3, Products = 240, Sessions = 12, Customers = 40, Orders = 20 };

    /// <summary>The reference case: a fashion group's month.</summary>
    public static readonly DemoScale Month = new() { Regions = 5, Resellers = 24, Brands = 18, Products = 4_997, Sessions = 80, Customers = 20_000, Orders = 2_000 };

    public required int Regions { get; init; }

    public required int Resellers { get; init; }

    public required int Brands { get; init; }

    public required int Products { get; init; }

    /// <summary>Sessions of the month, over the four tiers.</summary>
    public required int Sessions { get; init; }

    /// <summary>Customers who claim a coupon each.</summary>
    public required int Customers { get; init; }

    public required int Orders { get; init; }

    /// <summary>A catalogue file in the data set's own columns; null makes products up from the excerpt.</summary>
    public string? CatalogueFile { get; init; }

    /// <summary>Requests on the way at once.</summary>
    public int Parallel { get; init; } = 32;
}
