using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Brands;
using MassTransit;

namespace LiveCommerce.Scheduling.Reactions;

/// <summary>Keeps the brands sessions are planned by.</summary>
internal sealed class OnBrandChanged(SchedulingDb db, BusOptions bus) : Reaction(db, bus), IConsumer<BrandChanged>
{
    public Task Consume(ConsumeContext<BrandChanged> context) => React(context, Apply);

    private static async Task Apply(BrandChanged brand, UnitOfWork work)
    {
        if (await work.Scalar<long?>(BrandSql.Version, new { brand.BrandId }) >= brand.Version) return;
        await work.Upsert(BrandSql.Update, BrandSql.Insert, new { brand.BrandId, brand.Version, brand.HeadquartersPath, brand.Code, brand.Name, brand.Grade });
    }
}
