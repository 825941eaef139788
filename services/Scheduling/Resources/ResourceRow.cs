using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Resources;

/// <summary>What can be in one session at a time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourceKind>))]
internal enum ResourceKind
{
    Host,
    Room,
    Channel,

    /// <summary>Somebody who takes part without hosting.</summary>
    Crew,
}

/// <summary>A host, a room, a channel account or somebody of the crew. Units above and below its own may use it.</summary>
internal sealed record ResourceRow
{
    /// <summary>A room is turned around within eight hours.</summary>
    public const int LongestTurnaroundMinutes = 480;

    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; } = 1;

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    public ResourceKind Kind { get; init; }

    /// <summary>Set for channels only.</summary>
    public ChannelKind? ChannelKind { get; init; }

    /// <summary>How long a room stays busy after a session; 0 for all but rooms.</summary>
    public int TurnaroundMinutes { get; init; }

    public ResourceView ToView() => new(Id, UnitId, Path, Name, ChannelKind, TurnaroundMinutes, Version);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, Version, UnitId, Path, Name, Kind = Kind.ToString(), ChannelKind = ChannelKind?.ToString(), TurnaroundMinutes };
}

/// <summary>A host, a room or a channel.</summary>
/// <param name="Id">What sessions name it by.</param>
/// <param name="UnitId">The unit it belongs to.</param>
/// <param name="Path">That unit's path.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">A channel's kind; null for hosts and rooms.</param>
/// <param name="TurnaroundMinutes">How long a room stays busy after a session, 0 to 480; 0 for hosts and channels.</param>
/// <param name="Version">What an edit names in If-Match.</param>
internal sealed record ResourceView(Guid Id, Guid UnitId, string Path, string Name, ChannelKind? Kind, int TurnaroundMinutes, long Version) : IVersioned;

internal static class ResourceSql
{
    private const string Columns = "Seq, Id, Version, UnitId, Path, Name, Kind, ChannelKind, TurnaroundMinutes";

    internal const string Insert =
        "INSERT INTO Resources (Id, Version, UnitId, Path, Name, Kind, ChannelKind, TurnaroundMinutes, Turns) " +
        "VALUES (@Id, @Version, @UnitId, @Path, @Name, @Kind, @ChannelKind, @TurnaroundMinutes, 0)";

    internal const string ByIds = $"SELECT {Columns} FROM Resources WHERE Id IN {Sql.Ids}";

    /// <summary>Takes the rows' locks: who looks for collisions on the resources looks alone.</summary>
    internal const string HeldByIds = $"SELECT {Columns} FROM Resources{Sql.Held} WHERE Id IN {Sql.Ids} ORDER BY Id";

    /// <summary>The same, of one, for who does not have to read it.</summary>
    internal const string TakeTurn = "UPDATE Resources SET Turns = Turns + 1 WHERE Id = @Id";

    internal const string HeldInScope = $"SELECT {Columns} FROM Resources{Sql.Held} WHERE Id = @Id AND Kind = @Kind AND {Sql.InScope}";

    internal const string Update =
        "UPDATE Resources SET Version = Version + 1, Name = @Name, TurnaroundMinutes = @TurnaroundMinutes WHERE Id = @Id AND Version = @Version";

    internal const string Turnaround = "SELECT TurnaroundMinutes FROM Resources WHERE Id = @Id";

    /// <summary><c>@Ids</c>: the paths of the caller's unit and of those above it.</summary>
    internal const string Page =
        $"SELECT {Columns} FROM Resources WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND Kind = @Kind AND Seq > @After ORDER BY Seq {Sql.Page}";
}

internal static class ResourceRejections
{
    internal static readonly RejectionKind NotFound = new("resource.not_found", 404, "No such host, room or channel within the caller's reach.");

    internal static readonly RejectionKind TurnaroundConflicts = new(
        "resource.turnaround_conflicts", 409, "Sessions are planned in the room that such a turnaround would not leave enough time between; conflicts names every one.");
}
