using LiveCommerce.Contracts.Organization;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Lineups.Reactions;

internal sealed class OnMandateChanged(LineupsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<MandateChanged>
{
    public Task Consume(ConsumeContext<MandateChanged> context) => React(context, (mandate, work) =>
        MandateSql.Replica.Keep(work, new
        {
            Id = mandate.MandateId,
            mandate.Version,
            mandate.DeepestDiscountPercent,
            mandate.OpensAt,
            mandate.ClosesAt,
            mandate.RevokedAt,
        }));
}
