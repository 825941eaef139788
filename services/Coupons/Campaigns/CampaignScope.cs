using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>What a campaign's coupons are for. A list that is not given limits nothing; a line counts if any of brands, categories and products names it.</summary>
/// <remarks>Asking is on the hot path: each list keeps a set beside it, and no question allocates.</remarks>
internal sealed record CampaignScope
{
    private const int MostEntries = 200;
    private const int LongestCategory = 320;
    private const int LongestProductCode = 64;
    internal const int LongestSegment = 64;

    private readonly HashSet<Guid>? _brands;
    private readonly HashSet<string>? _categories;
    private readonly HashSet<string>? _products;
    private readonly HashSet<Guid>? _sessions;
    private readonly HashSet<Guid>? _channels;
    private readonly HashSet<string>? _segments;

    public IReadOnlyList<Guid>? BrandIds { get; init => _brands = (field = value)?.ToHashSet(); }

    /// <summary>From the widest to the narrowest, such as Apparel/Topwear: itself and everything below.</summary>
    public IReadOnlyList<string>? Categories { get; init => _categories = (field = value)?.ToHashSet(); }

    public IReadOnlyList<string>? ProductCodes { get; init => _products = (field = value)?.ToHashSet(); }

    public IReadOnlyList<Guid>? SessionIds { get; init => _sessions = (field = value)?.ToHashSet(); }

    public IReadOnlyList<Guid>? ChannelIds { get; init => _channels = (field = value)?.ToHashSet(); }

    /// <summary>In the shop's own words; the customer must be in one.</summary>
    public IReadOnlyList<string>? Segments { get; init => _segments = (field = value)?.ToHashSet(); }

    public void Validate(Faults faults, string pointer)
    {
        Entries(faults, BrandIds, $"{pointer}/brandIds");
        Entries(faults, Categories, $"{pointer}/categories");
        Entries(faults, ProductCodes, $"{pointer}/productCodes");
        Entries(faults, SessionIds, $"{pointer}/sessionIds");
        Entries(faults, ChannelIds, $"{pointer}/channelIds");
        Entries(faults, Segments, $"{pointer}/segments");
        for (var i = 0; i < Listed(Categories); i++)
            faults.Check(IsCategory(Categories![i]), $"{pointer}/categories/{i}", "scope.category_invalid", $"Must be 1 to {LongestCategory} characters of steps joined by slashes, such as Apparel/Topwear.");
        for (var i = 0; i < Listed(ProductCodes); i++) faults.Text(ProductCodes![i], $"{pointer}/productCodes/{i}", LongestProductCode);
        for (var i = 0; i < Listed(Segments); i++) faults.Text(Segments![i], $"{pointer}/segments/{i}", LongestSegment);
    }

    /// <summary>True if the scope names no brand, category or product, so that every line counts.</summary>
    public bool CoversEveryLine() => _brands is null && _categories is null && _products is null;

    public bool Covers(string productCode, Guid? brandId, string? category) => CoversEveryLine()
        || (_products is not null && _products.Contains(productCode))
        || (_brands is not null && brandId is { } brand && _brands.Contains(brand))
        || (_categories is not null && category is not null && CoversCategory(category));

    public bool CoversSession(Guid? sessionId) => _sessions is null || (sessionId is { } id && _sessions.Contains(id));

    public bool CoversChannel(Guid? channelId) => _channels is null || (channelId is { } id && _channels.Contains(id));

    /// <summary>True if a customer in these segments may use the campaign.</summary>
    public bool CoversSegments(IReadOnlyList<string>? segments)
    {
        if (_segments is null) return true;
        for (var i = 0; i < segments?.Count; i++)
            if (_segments.Contains(segments[i])) return true;
        return false;
    }

    private bool CoversCategory(ReadOnlySpan<char> category)
    {
        var named = _categories!.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!named.Contains(category))
        {
            var slash = category.LastIndexOf('/');
            if (slash < 0) return false;
            category = category[..slash];
        }
        return true;
    }

    private static void Entries<T>(Faults faults, IReadOnlyList<T>? values, string pointer)
    {
        if (values is not null) faults.Size(values, 1, MostEntries, pointer).Distinct(values, pointer);
    }

    private static int Listed(IReadOnlyList<string>? values) => Math.Min(values?.Count ?? 0, MostEntries);

    private static bool IsCategory(string path)
    {
        if (path.Length is 0 or > LongestCategory) return false;
        foreach (var step in path.Split('/'))
            if (step.Length == 0 || char.IsWhiteSpace(step[0]) || char.IsWhiteSpace(step[^1]) || step.Any(char.IsControl)) return false;
        return true;
    }
}
