using LiveCommerce.Data;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>A festival, a mall event: what the units below plan their sessions around.</summary>
internal sealed record KeyDateRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Title { get; init; } = "";

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public int? LeadTimeDays { get; init; }

    public KeyDateView ToView() => new(Id, UnitId, Path, Title, StartsAt, EndsAt, LeadTimeDays);
}

/// <summary>A key date.</summary>
internal sealed record KeyDateView(Guid Id, Guid UnitId, string Path, string Title, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int? LeadTimeDays);

internal static class KeyDateSql
{
    internal const string Insert =
        "INSERT INTO KeyDates (Id, UnitId, Path, Title, StartsAt, EndsAt, LeadTimeDays) " +
        "VALUES (@Id, @UnitId, @Path, @Title, @StartsAt, @EndsAt, @LeadTimeDays)";

    /// <summary><c>@Ids</c>: the paths of the caller's unit and of those above it.</summary>
    internal const string Page =
        "SELECT Seq, Id, UnitId, Path, Title, StartsAt, EndsAt, LeadTimeDays FROM KeyDates " +
        $"WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND StartsAt < @To AND EndsAt > @From AND Seq > @After ORDER BY Seq {Sql.Page}";
}
