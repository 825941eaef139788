using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>What a feed shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeedKind>))]
internal enum FeedKind
{
    /// <summary>The sessions of a unit and of everything below it, what the units above broadcast, and the key dates of all of these but those below.</summary>
    Unit,

    /// <summary>The sessions a host is in.</summary>
    Host,

    /// <summary>The sessions in a room.</summary>
    Room,

    /// <summary>The sessions somebody takes part in, whatever they do there.</summary>
    Person,
}

/// <summary>A calendar others subscribe to by a link that nobody can guess; of the link only a hash is kept.</summary>
internal sealed record FeedRow
{
    private const int TokenBytes = 32;

    public long Seq { get; init; }

    public Guid Id { get; init; }

    public Guid UnitId { get; init; }

    /// <summary>The unit's, as it is now.</summary>
    public string UnitPath { get; init; } = "";

    /// <summary>The unit's, in which the feed's times are written.</summary>
    public string TimeZone { get; init; } = "";

    public FeedKind Kind { get; init; }

    /// <summary>The host, room or person.</summary>
    public Guid? ResourceId { get; init; }

    public string Name { get; init; } = "";

    public string TokenHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public FeedView ToView() => new(Id, UnitId, UnitPath, Kind, ResourceId, Name, CreatedAt, RevokedAt);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, UnitId, Kind = Kind.ToString(), ResourceId, Name, TokenHash, CreatedAt, RevokedAt };
}

/// <summary>A calendar feed; its link is not kept.</summary>
/// <param name="Id">What it is revoked by.</param>
/// <param name="UnitId">Whose it is.</param>
/// <param name="UnitPath">That unit's path.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="ResourceId">The host, room or person; null for a unit's.</param>
/// <param name="Name">What calendars call it.</param>
/// <param name="CreatedAt">When its link was made.</param>
/// <param name="RevokedAt">Since when the link leads nowhere.</param>
internal sealed record FeedView(Guid Id, Guid UnitId, string UnitPath, FeedKind Kind, Guid? ResourceId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

internal static class FeedSql
{
    // The unit's path, and by it the caller's reach, is looked up: a unit may move.
    private const string Select =
        "SELECT f.Seq, f.Id, f.UnitId, u.Path AS UnitPath, u.TimeZone, f.Kind, f.ResourceId, f.Name, f.TokenHash, f.CreatedAt, f.RevokedAt FROM Feeds f JOIN Units u ON u.Id = f.UnitId";

    internal const string InScopeById = $"{Select} WHERE f.Id = @Id AND {Sql.InScope}";
    internal const string ByToken = $"{Select} WHERE f.TokenHash = @TokenHash AND f.RevokedAt IS NULL";
    internal const string Page = $"{Select} WHERE {Sql.InScope} AND f.Seq > @After ORDER BY f.Seq {Sql.Page}";

    internal const string Insert =
        "INSERT INTO Feeds (Id, UnitId, Kind, ResourceId, Name, TokenHash, CreatedAt, RevokedAt) " +
        "VALUES (@Id, @UnitId, @Kind, @ResourceId, @Name, @TokenHash, @CreatedAt, @RevokedAt)";

    internal const string Revoke = "UPDATE Feeds SET RevokedAt = @Now WHERE Id = @Id AND RevokedAt IS NULL";
}

internal static class FeedRejections
{
    internal static readonly RejectionKind NotFound = new("feed.not_found", 404, "No such feed, or its link was revoked.");
    internal static readonly RejectionKind ResourceNotOfUnit = new("feed.resource_not_of_unit", 409, "The unit has no such host, room or person, and no unit below it has.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No feed {id}.");
}
