using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Products;
using LiveCommerce.Lineups.Replicas;

namespace LiveCommerce.Lineups.Lineups;

/// <summary>Choices that were checked against catalogue, mandate and plan.</summary>
internal sealed record Composition(IReadOnlyList<LineupItem> Items, IReadOnlyList<LineupWarning> Warnings)
{
    private const int HighestHotPercent = 40;

    public int TotalMinutes => Items.Sum(i => i.Minutes);

    public static async Task<Result<Composition>> Of(UnitOfWork work, SessionRow session, IReadOnlyList<LineupChoice> choices)
    {
        var mandate = await MandateOf(work, session);
        if (mandate.Rejection is { } unknown) return unknown;
        var products = (await work.Query<ProductRow>(ProductSql.ByIds, new
        {
            HeadquartersPath = UnitPath.Headquarters(session.OwnerPath),
            Ids = Sql.Json(choices.Select(c => c.ProductId)),
        })).ToDictionary(p => p.Id);
        if (Refuse(choices, products, mandate.Value.DeepestDiscountPercent) is { } refused) return refused;
        return new Composition(
            [.. choices.Select((c, i) => LineupItem.Of(c, i + 1, products[c.ProductId]))],
            Warn(session, choices, products));
    }

    /// <summary>A refusal, with every item, if a live price is a deeper discount than the session's mandate now allows.</summary>
    public static async Task<Rejection?> TooDeep(UnitOfWork work, SessionRow session, IReadOnlyList<LineupItem> items)
    {
        var mandate = await MandateOf(work, session);
        if (mandate.Rejection is { } unknown) return unknown;
        if (mandate.Value.DeepestDiscountPercent is not { } percent) return null;
        var broken = items.Select((item, i) => (item, i)).Where(x => IsDeeperThan(percent, x.item.ListPriceMinor, x.item.LivePriceMinor))
            .Select(x => new Fault(
                $"/items/{x.i}/livePriceMinor", LineupRejections.DiscountTooDeep.Code,
                $"{x.item.Code}: {x.item.LivePriceMinor} is more than {percent} % off the list price {x.item.ListPriceMinor}."))
            .ToList();
        return broken.Count == 0 ? null : LineupRejections.DiscountTooDeep.Because($"{broken.Count} faults; see faults for each.") with { Faults = broken };
    }

    /// <summary>A refusal if the session's mandate was revoked, or does not hold for all of the session, or no longer now.</summary>
    public static async Task<Rejection?> Uncovered(UnitOfWork work, SessionRow session)
    {
        var mandate = await MandateOf(work, session);
        return mandate.Rejection ?? mandate.Value.Refusal(session, work.Now);
    }

    /// <summary>One that limits nothing for a session that needs none.</summary>
    private static async Task<Result<MandateRow>> MandateOf(UnitOfWork work, SessionRow session)
    {
        if (session.MandateId is not { } id) return new MandateRow();
        return await work.Find<MandateRow>(MandateSql.ById, new { Id = id }) is { } mandate
            ? mandate
            : LineupRejections.MandateUnknown.Because($"Mandate {id}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>True if <paramref name="liveMinor"/> takes more than <paramref name="percent"/> percent off <paramref name="listMinor"/>.</summary>
    internal static bool IsDeeperThan(int percent, long listMinor, long liveMinor) => liveMinor * 100 < listMinor * (100 - percent);

    /// <summary>Every item that breaks a rule is listed, of all rules; the refusal is named after the first rule broken.</summary>
    internal static Rejection? Refuse(IReadOnlyList<LineupChoice> choices, IReadOnlyDictionary<Guid, ProductRow> products, int? deepestDiscountPercent)
    {
        var broken = new List<(RejectionKind Kind, Fault Fault)>();
        for (var i = 0; i < choices.Count; i++)
        {
            var (live, pointer) = (choices[i].LivePriceMinor, $"/items/{i}/livePriceMinor");
            void Break(RejectionKind kind, string at, string detail) => broken.Add((kind, new Fault(at, kind.Code, detail)));
            if (!products.TryGetValue(choices[i].ProductId, out var product))
            {
                Break(LineupRejections.ProductUnknown, $"/items/{i}/productId", $"No product {choices[i].ProductId}.");
                continue;
            }
            if (product.ListPriceMinor is not { } list)
            {
                Break(LineupRejections.ProductUnpriced, $"/items/{i}/productId", $"{product.Code} has no list price.");
                continue;
            }
            if (live < product.FloorPriceMinor) Break(LineupRejections.PriceBelowFloor, pointer, $"{product.Code}: {live} is below the floor price {product.FloorPriceMinor}.");
            if (live > list) Break(LineupRejections.PriceAboveList, pointer, $"{product.Code}: {live} is above the list price {list}.");
            if (deepestDiscountPercent is { } percent && IsDeeperThan(percent, list, live))
                Break(LineupRejections.DiscountTooDeep, pointer, $"{product.Code}: {live} is more than {percent} % off the list price {list}.");
        }
        if (broken.Count == 0) return null;
        var first = LineupRejections.OfComposition.First(k => broken.Any(b => b.Kind == k));
        return first.Because($"{broken.Count} faults; see faults for each.") with { Faults = [.. broken.Select(b => b.Fault)] };
    }

    private static List<LineupWarning> Warn(SessionRow session, IReadOnlyList<LineupChoice> choices, Dictionary<Guid, ProductRow> products)
    {
        var warnings = new List<LineupWarning>();
        var minutes = choices.Sum(c => c.Minutes);
        var planned = (long)(session.LiveEndsAt - session.LiveStartsAt).TotalMinutes;
        if (minutes > planned) warnings.Add(new LineupWarning("lineup.minutes_over", $"{minutes} minutes of items in {planned} minutes of session."));
        var hot = choices.Count(c => c.Kind == ItemKind.Hot);
        if (hot == 0) warnings.Add(new LineupWarning("lineup.no_hot_item", "No item is hot."));
        if (hot * 100 > choices.Count * HighestHotPercent)
            warnings.Add(new LineupWarning("lineup.hot_share", $"{hot} of {choices.Count} items are hot; more than {HighestHotPercent} % tires the audience."));
        var scarce = choices.Where(c => c.LiveStock > products[c.ProductId].Stock).Select(c => products[c.ProductId].Code).ToList();
        if (scarce.Count > 0) warnings.Add(new LineupWarning("lineup.live_stock_over", $"More set aside than in stock: {string.Join(", ", scarce)}."));
        var brands = Sql.FromJson<HashSet<Guid>>(session.BrandIds);
        var strange = choices.Select(c => products[c.ProductId]).Where(p => p.BrandId is { } brand && !brands.Contains(brand)).Select(p => p.Code).ToList();
        if (strange.Count > 0) warnings.Add(new LineupWarning("lineup.brand_outside_session", $"Of brands the session is not for: {string.Join(", ", strange)}."));
        return warnings;
    }
}
