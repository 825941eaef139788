using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Products;
using LiveCommerce.Lineups.Replicas;

namespace LiveCommerce.Lineups.PriceLists;

/// <summary>What one product costs in a session, now.</summary>
internal static class ReadPrice
{
    /// <param name="ProductCode">The catalogue's code.</param>
    /// <param name="PriceMinor">Minor units: the live price while it holds, else the list price.</param>
    /// <param name="ListPriceMinor">Minor units.</param>
    /// <param name="IsLive">True if the live price holds.</param>
    /// <param name="Currency">ISO 4217; null while the session's unit is not known here yet.</param>
    internal sealed record Response(string ProductCode, long PriceMinor, long ListPriceMinor, bool IsLive, string? Currency);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/sessions/{sessionId:guid}/prices/{productCode:maxlength(64)}", async (
            Guid sessionId, string productCode, Caller caller, LineupsDb db, TimeProvider clock, CancellationToken ct) =>
            (await Find(db, clock, caller, sessionId, productCode, ct)).ToHttp())
        .Describe(nameof(ReadPrice), "What one product costs in a session now: its live price while it holds, else its list price.")
        .Allow(Permission.ReadLineups)
        .Gives<Response>()
        .Rejects(SessionRejections.NotFound, ProductRejections.NotFound, PriceListRejections.PriceNotFound);

    private static async Task<Result<Response>> Find(LineupsDb db, TimeProvider clock, Caller caller, Guid sessionId, string productCode, CancellationToken ct)
    {
        var key = new { SessionId = sessionId, ProductCode = productCode, HeadquartersPath = UnitPath.Headquarters(caller.Path) };
        if (await db.Find<PriceRow>(PriceListSql.Price, key, ct) is not { } found || !caller.Sees(found.OwnerPath)) return SessionRejections.Unknown(sessionId);
        if (found.ProductId is null) return ProductRejections.NotFound.Because($"No product {productCode}.");
        var inForce = found.Prices is not null && PriceListRules.StatusAt(clock.Now(), found.Status, found.LiveStartsAt, found.LiveEndsAt) == PriceListStatus.InForce;
        if (inForce && Array.Find(Sql.FromJson<PriceItem[]>(found.Prices!), p => p.ProductCode == productCode) is { } live)
            return new Response(productCode, live.LivePriceMinor, live.ListPriceMinor, IsLive: true, found.Currency);
        return found.ListPriceMinor is { } list
            ? new Response(productCode, list, list, IsLive: false, found.Currency)
            : PriceListRejections.PriceNotFound.Because($"Product {productCode} has no list price.");
    }

    private sealed class PriceRow
    {
        public string OwnerPath { get; init; } = "";

        public SessionStatus Status { get; init; }

        public DateTimeOffset LiveStartsAt { get; init; }

        public DateTimeOffset LiveEndsAt { get; init; }

        public Guid? ProductId { get; init; }

        public long? ListPriceMinor { get; init; }

        public string? Currency { get; init; }

        public string? Prices { get; init; }
    }
}
