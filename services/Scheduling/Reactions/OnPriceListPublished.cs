using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Sessions;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Notes on the session that its price list is out.</summary>
internal sealed class OnPriceListPublished(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<PriceListPublished>
{
    public Task Consume(ConsumeContext<PriceListPublished> context) => React(context, static (prices, work) =>
        work.Execute(SessionSql.NotePriceList, new { prices.SessionId, prices.Version, prices.PublishedAt }));
}
