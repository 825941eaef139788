using LiveCommerce.Contracts.Organization;
using LiveCommerce.Lineups.Replicas;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Lineups.Reactions;

internal sealed class OnBrandChanged(LineupsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<BrandChanged>
{
    public Task Consume(ConsumeContext<BrandChanged> context) => React(context, (brand, work) =>
        BrandSql.Replica.Keep(work, new { Id = brand.BrandId, brand.Version, brand.HeadquartersPath, brand.Code }));
}
