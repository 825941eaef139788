using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Resources;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>
/// Somebody who takes part in sessions. A person is a resource, of kind Host for those who may host and Crew for the
/// others: one set of bookings and one lock keep them out of two places, whatever they do there.
/// </summary>
internal sealed record PersonRow
{
    private static readonly CrewRole[] HostRoles = [CrewRole.Host, CrewRole.CoHost];

    public long Seq { get; init; }

    public Guid Id { get; init; }

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string Name { get; init; } = "";

    public ResourceKind Kind { get; init; }

    /// <summary>0: added as a host, and not edited as a person since.</summary>
    public long Version { get; init; }

    /// <summary>JSON array of <see cref="CrewRole"/>; null for whoever was added as a host.</summary>
    public string? Roles { get; init; }

    public string? MemberId { get; init; }

    /// <summary>JSON array of <see cref="WorkingHours"/>; null: always.</summary>
    public string? WorkingHours { get; init; }

    public IReadOnlyList<CrewRole> RoleList => Roles is null ? HostRoles : Sql.FromJson<CrewRole[]>(Roles);

    public static ResourceKind KindOf(IEnumerable<CrewRole> roles) => roles.Intersect(HostRoles).Any() ? ResourceKind.Host : ResourceKind.Crew;

    public PersonView ToView() => new()
    {
        Id = Id,
        Version = Version,
        UnitId = UnitId,
        Path = Path,
        Name = Name,
        Roles = RoleList,
        MemberId = MemberId,
        WorkingHours = WorkingHours is null ? null : Sql.FromJson<WorkingHours[]>(WorkingHours),
    };

    public ResourceRow ToResource() => new() { Id = Id, UnitId = UnitId, Path = Path, Name = Name, Kind = Kind };

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, Name, Kind = Kind.ToString(), Version, Roles, MemberId, WorkingHours };
}

/// <summary>Somebody who takes part in sessions.</summary>
internal sealed record PersonView : IVersioned
{
    /// <summary>Also the id sessions name a host or co-host by.</summary>
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required Guid UnitId { get; init; }

    public required string Path { get; init; }

    public required string Name { get; init; }

    /// <summary>What they may be assigned as.</summary>
    public required IReadOnlyList<CrewRole> Roles { get; init; }

    /// <summary>The member who is this person, and may read its calendar as its own.</summary>
    public required string? MemberId { get; init; }

    /// <summary>When they work, every week, on the clock of their unit's zone; null for always.</summary>
    public required IReadOnlyList<WorkingHours>? WorkingHours { get; init; }
}

internal static class PersonSql
{
    private const string Columns = "r.Seq, r.Id, r.UnitId, r.Path, r.Name, r.Kind, COALESCE(p.Version, 0) AS Version, p.Roles, p.MemberId, p.WorkingHours";
    private const string Everybody = $"SELECT {Columns} FROM Resources r LEFT JOIN People p ON p.ResourceId = r.Id WHERE r.Kind IN ('Host', 'Crew')";

    internal const string InScopeById = $"{Everybody} AND r.Id = @Id AND {Sql.InScope}";
    internal const string ByIds = $"{Everybody} AND r.Id IN {Sql.Ids}";
    internal const string OfMember = $"{Everybody} AND p.MemberId = @MemberId";

    /// <summary>
    /// <c>@Ids</c>: the paths of the caller's unit and of those above it. With <c>@Role</c>, who holds it (<c>@RoleInList</c>
    /// as it stands in the list); with a time, who is neither booked nor away in it.
    /// </summary>
    internal const string Page =
        $"{Everybody} AND ({Sql.InScope} OR Path IN {Sql.Ids}) AND r.Seq > @After " +
        "AND (@Role IS NULL OR p.Roles LIKE @RoleInList OR (p.Roles IS NULL AND @Role IN ('Host', 'CoHost'))) " +
        "AND (@FreeTo IS NULL OR (NOT EXISTS (SELECT 1 FROM Bookings b WHERE b.ResourceId = r.Id AND b.StartsAt < @FreeTo AND b.EndsAt > @FreeFrom) " +
        "AND NOT EXISTS (SELECT 1 FROM Absences a WHERE a.ResourceId = r.Id AND a.WithdrawnAt IS NULL AND a.StartsAt < @FreeTo AND a.EndsAt > @FreeFrom))) " +
        $"ORDER BY r.Seq {Sql.Page}";

    internal const string Insert = "INSERT INTO People (ResourceId, Version, Roles, MemberId, WorkingHours) VALUES (@Id, @Version, @Roles, @MemberId, @WorkingHours)";

    internal const string Update =
        "UPDATE People SET Version = Version + 1, Roles = @Roles, MemberId = @MemberId, WorkingHours = @WorkingHours WHERE ResourceId = @Id AND Version = @Version - 1";

    internal const string UpdateResource = "UPDATE Resources SET Version = Version + 1, Name = @Name, Kind = @Kind WHERE Id = @Id";

    /// <summary>Its name is another: whoever edits the person has to have seen it.</summary>
    internal const string Renamed = "UPDATE People SET Version = Version + 1 WHERE ResourceId = @Id";

    internal const string OtherOfMember = "SELECT COUNT(*) FROM People WHERE MemberId = @MemberId AND ResourceId <> @Id";

    /// <summary>Sessions ahead, or on the air, that this person hosts: booked, but not by an assignment.</summary>
    internal const string HostedAhead =
        "SELECT COUNT(*) FROM Bookings b JOIN Sessions s ON s.Id = b.SessionId WHERE b.ResourceId = @Id AND (b.EndsAt > @Now OR s.Status = 'Live') " +
        "AND NOT EXISTS (SELECT 1 FROM CrewAssignments a WHERE a.SessionId = b.SessionId AND a.ResourceId = b.ResourceId)";
}

internal static class PersonRejections
{
    internal static readonly RejectionKind NotFound = new("person.not_found", 404, "No such person within the caller's reach.");
    internal static readonly RejectionKind MemberTaken = new("person.member_taken", 409, "The member is somebody else already.");
    internal static readonly RejectionKind StillHosting = new("person.still_hosting", 409, "Somebody who hosts sessions ahead cannot stop being a host.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No person {id}.");
}
