using LiveCommerce.Contracts.Lineups;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Sessions;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Notes on the session that its price list is out, for the first time and for the last.</summary>
internal sealed class OnPriceListPublished(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<PriceListPublished>
{
    public Task Consume(ConsumeContext<PriceListPublished> context) => React(context, Apply);

    private static async Task Apply(PriceListPublished prices, UnitOfWork work)
    {
        await work.Execute(SessionSql.NotePriceList, new { prices.SessionId, prices.Version, prices.PublishedAt });
        await SessionFacts.Report(work, prices.SessionId, TaskTrigger.PriceListPublished, prices.PublishedAt);
    }
}
