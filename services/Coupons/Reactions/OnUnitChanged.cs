using LiveCommerce.Contracts.Organization;
using LiveCommerce.Coupons.Mandates;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using MassTransit;

namespace LiveCommerce.Coupons.Reactions;

/// <summary>Keeps where each unit stands, what it is, and which currency and time zone it has. What a moved unit owns moves with it.</summary>
internal sealed class OnUnitChanged(CouponsDb db, BusOptions bus) : Reaction(db, bus), IConsumer<UnitChanged>
{
    public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Apply);

    private static async Task Apply(UnitChanged unit, UnitOfWork work)
    {
        var known = await work.Find<UnitRow>(UnitSql.ById, new { Id = unit.UnitId });
        if (known?.Version >= unit.Version) return;
        await work.Upsert(UnitSql.Update, UnitSql.Insert, new
        {
            Id = unit.UnitId,
            unit.Version,
            unit.Path,
            unit.Currency,
            unit.TimeZone,
            Kind = unit.Kind.ToString(),
            unit.IsActive,
        });
        var left = await MovedUnits.Note(work, unit.UnitId, known?.Path, unit.Path, unit.FormerPaths);
        await MovedRows.All.Begin(work, unit.UnitId, left, unit.Path);
        if (known is not null && (known.IsActive != unit.IsActive || left.Count > 0)) await CampaignMandate.Rejudge(work, unit.Path);
    }
}

internal sealed record UnitRow
{
    public Guid Id { get; init; }

    public long Version { get; init; }

    public string Path { get; init; } = "";

    public string Currency { get; init; } = "";

    public string TimeZone { get; init; } = "";

    public UnitKind Kind { get; init; }

    public bool IsActive { get; init; }
}

internal static class UnitSql
{
    private const string Columns = "Id, Version, Path, Currency, TimeZone, Kind, IsActive";

    internal const string ById = $"SELECT {Columns} FROM Units WHERE Id = @Id";
    internal const string InactiveAmong = $"SELECT {Columns} FROM Units WHERE IsActive = 0 AND Path IN {Sql.Ids} ORDER BY Path";

    internal const string Update =
        "UPDATE Units SET Version = @Version, Path = @Path, Currency = @Currency, TimeZone = @TimeZone, Kind = @Kind, IsActive = @IsActive WHERE Id = @Id AND Version < @Version";

    internal const string Insert =
        "INSERT INTO Units (Id, Version, Path, Currency, TimeZone, Kind, IsActive) VALUES (@Id, @Version, @Path, @Currency, @TimeZone, @Kind, @IsActive)";
}

internal static class UnitRejections
{
    internal static readonly RejectionKind Inactive = new("unit.inactive", 409, "The unit, or one above it, is deactivated.");

    /// <summary>A refusal if the unit there, or one above it, is deactivated.</summary>
    internal static async Task<Rejection?> UnlessActive(UnitOfWork work, string path) =>
        await work.Find<UnitRow>(UnitSql.InactiveAmong, new { Ids = Sql.Json(UnitPath.SelfAndAncestors(path)) }) is { } unit
            ? Inactive.Because($"{unit.Path} is deactivated.")
            : null;
}
