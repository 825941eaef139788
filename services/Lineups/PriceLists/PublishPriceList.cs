using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Lineups.Lineups;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;

namespace LiveCommerce.Lineups.PriceLists;

/// <summary>Publishes the live prices of a final lineup.</summary>
internal static class PublishPriceList
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/{sessionId:guid}/price-list/publish", async (Guid sessionId, Caller caller, PublishPriceListHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, sessionId, ct)).ToHttp())
        .Describe(nameof(PublishPriceList), "Publishes the live prices of a session's final lineup.",
            "The prices hold while the session is live, wherever its times move. Publishing the same lineup again changes nothing.")
        .Allow(Permission.ManageLineups)
        .Gives<PriceListView>()
        .Rejects(SessionRejections.NotFound, LineupRejections.SessionOver, PriceListRejections.LineupNotFinal, PriceListRejections.CurrencyUnknown,
            LineupRejections.MandateUnknown, LineupRejections.MandateRevoked, LineupRejections.OutsideDates, LineupRejections.DiscountTooDeep, CommonRejections.LostRace);
}

internal sealed class PublishPriceListHandler(LineupsDb db)
{
    public Task<Result<PriceListView>> Handle(Caller caller, Guid sessionId, CancellationToken ct) =>
        db.InTransaction<PriceListView>(caller.Write, async work =>
        {
            var key = new { SessionId = sessionId };
            if (await work.Find<SessionRow>(SessionSql.ById, new { Id = sessionId }) is not { } session || !caller.Covers(session.OwnerPath))
                return SessionRejections.Unknown(sessionId);
            if (session.IsOver) return LineupRejections.Over(sessionId);
            if (await work.Find<LineupRow>(LineupSql.BySession, key) is not { Status: LineupStatus.Final } lineup)
                return PriceListRejections.LineupNotFinal.Because($"Finalize the lineup of session {sessionId} first.");
            if (await work.Scalar<string>(UnitSql.CurrencyAt, new { Path = session.OwnerPath }) is not { } currency)
                return PriceListRejections.CurrencyUnknown.Because($"Unit {session.OwnerPath}.") with { RetryAfter = TimeSpan.FromSeconds(1) };
            var stored = await work.Find<PriceListRow>(PriceListSql.BySession, key);
            if (stored is not null) work.Audited(View(stored));
            if (stored?.LineupVersion == lineup.Version) return View(stored);
            if (await Composition.Uncovered(work, session) is { } uncovered) return uncovered;
            // The mandate, or another the session was moved to, may allow less than when the lineup was made final.
            if (await Composition.TooDeep(work, session, lineup.ItemList) is { } tooDeep) return tooDeep;
            var list = new PriceListRow
            {
                SessionId = sessionId,
                Version = (stored?.Version ?? 0) + 1,
                LineupVersion = lineup.Version,
                OwnerPath = session.OwnerPath,
                Currency = currency,
                PublishedAt = work.Now,
                Prices = Sql.Json(lineup.ItemList.Select(i => new PriceItem(i.ProductId, i.Code, i.LivePriceMinor, i.ListPriceMinor, i.LiveStock, i.PerCustomerLimit))),
            };
            if (stored is null) await work.Execute(PriceListSql.Insert, list);
            else if (await work.Execute(PriceListSql.Update, list) == 0) return CommonRejections.LostRace.Because("Somebody else publishes at this moment.");
            work.Publish(list.ToEvent());
            return View(list);

            PriceListView View(PriceListRow row) => row.ToView(session.Status, session.LiveStartsAt, session.LiveEndsAt, work.Now);
        }, ct);
}
