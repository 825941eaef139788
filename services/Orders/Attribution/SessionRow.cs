using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;

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
    internal static readonly Replica Replica = new("Sessions", ["Path", "Title", "Tier", "Status", "LiveStartsAt", "LiveEndsAt"], ofUnit: "Path");
}
