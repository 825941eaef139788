using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps where each unit stands and which currency and time zone it has.</summary>
internal sealed class OnUnitChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        if (await work.Scalar<long?>(UnitSql.Version, new { Id = unit.UnitId }) >= unit.Version) return;
        await work.Upsert(UnitSql.Update, UnitSql.Insert, new { Id = unit.UnitId, unit.Version, unit.Path, unit.Currency, unit.TimeZone });
    }
}

internal sealed record UnitRow
{
    public Guid Id { get; init; }

    public string Path { get; init; } = "";

    public string Currency { get; init; } = "";

    public string TimeZone { get; init; } = "";
}

internal static class UnitSql
{
    internal const string ById = "SELECT Id, Path, Currency, TimeZone FROM Units WHERE Id = @Id";
    internal const string Version = "SELECT Version FROM Units WHERE Id = @Id";
    internal const string Update = "UPDATE Units SET Version = @Version, Path = @Path, Currency = @Currency, TimeZone = @TimeZone WHERE Id = @Id AND Version < @Version";
    internal const string Insert = "INSERT INTO Units (Id, Version, Path, Currency, TimeZone) VALUES (@Id, @Version, @Path, @Currency, @TimeZone)";
}
