using LiveCommerce.Contracts.Scheduling;

namespace LiveCommerce.Orders.Attribution;

/// <summary>What this service knows of a session.</summary>
internal sealed record SessionRow
{
    public Guid Id { get; init; }

    /// <summary>The owner's.</summary>
    public string Path { get; init; } = "";

    public string Title { get; init; } = "";

    public SessionTier Tier { get; init; }

    public SessionStatus Status { get; init; }

    public DateTimeOffset LiveStartsAt { get; init; }

    public DateTimeOffset LiveEndsAt { get; init; }

    /// <summary>The owner's; null while the unit is not known here.</summary>
    public string? Currency { get; init; }
}

internal static class SessionSql
{
    internal const string VersionById = "SELECT Version FROM Sessions WHERE Id = @Id";

    internal const string Insert =
        "INSERT INTO Sessions (Id, Version, Path, Title, Tier, Status, LiveStartsAt, LiveEndsAt) " +
        "VALUES (@Id, @Version, @Path, @Title, @Tier, @Status, @LiveStartsAt, @LiveEndsAt)";

    internal const string Update =
        "UPDATE Sessions SET Version = @Version, Path = @Path, Title = @Title, Tier = @Tier, Status = @Status, " +
        "LiveStartsAt = @LiveStartsAt, LiveEndsAt = @LiveEndsAt WHERE Id = @Id AND Version < @Version";
}
