using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
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
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    public ResourceKind Kind { get; init; }

    /// <summary>Set for channels only.</summary>
    public ChannelKind? ChannelKind { get; init; }

    public ResourceView ToView() => new(Id, UnitId, Path, Name, ChannelKind);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, UnitId, Path, Name, Kind = Kind.ToString(), ChannelKind = ChannelKind?.ToString() };
}

/// <summary>A host, a room or a channel.</summary>
/// <param name="Id">What sessions name it by.</param>
/// <param name="UnitId">The unit it belongs to.</param>
/// <param name="Path">That unit's path.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">A channel's kind; null for hosts and rooms.</param>
internal sealed record ResourceView(Guid Id, Guid UnitId, string Path, string Name, ChannelKind? Kind);

internal static class ResourceSql
{
    private const string Columns = "Seq, Id, UnitId, Path, Name, Kind, ChannelKind";

    internal const string Insert =
        "INSERT INTO Resources (Id, UnitId, Path, Name, Kind, ChannelKind, Turns) VALUES (@Id, @UnitId, @Path, @Name, @Kind, @ChannelKind, 0)";

    internal const string ByIds = $"SELECT {Columns} FROM Resources WHERE Id IN {Sql.Ids}";

    /// <summary><c>@Ids</c>: the paths of the caller's unit and of those above it.</summary>
    internal const string Page =
        $"SELECT {Columns} FROM Resources WHERE ({Sql.InScope} OR Path IN {Sql.Ids}) AND Kind = @Kind AND Seq > @After ORDER BY Seq {Sql.Page}";

    /// <summary>Takes the row's lock: who looks for collisions on the resource looks alone.</summary>
    internal const string TakeTurn = "UPDATE Resources SET Turns = Turns + 1 WHERE Id = @Id";
}
