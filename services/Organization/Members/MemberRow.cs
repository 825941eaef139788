using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Members;

/// <summary>A person or a client program at one unit.</summary>
internal sealed record MemberRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; } = 1;

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string SignInName { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public bool IsProgram { get; init; }

    /// <summary>Empty until an invitation is accepted.</summary>
    public string SecretHash { get; init; } = "";

    /// <summary>A program's secret before the latest, which still holds until <see cref="OldSecretUntil"/>.</summary>
    public string? OldSecretHash { get; init; }

    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Counts the secrets made up for a program, or the invitations of a person: each is worked out of it.</summary>
    public long Generation { get; init; }

    /// <summary>Set while an invitation waits to be accepted.</summary>
    public DateTimeOffset? InvitedUntil { get; init; }

    /// <summary>JSON array of role names.</summary>
    public string Roles { get; init; } = "[]";

    public bool IsSuspended { get; init; }

    /// <summary>Tokens issued to an earlier version no longer hold.</summary>
    public long TokensFrom { get; init; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<Role> RoleList => Sql.FromJson<Role[]>(Roles);

    public MemberView ToView() =>
        new(Id, Version, UnitId, Path, SignInName, DisplayName, IsProgram, RoleList, IsSuspended, InvitedUntil, OldSecretUntil, CreatedAt);

    public MemberChanged ToEvent() => new()
    {
        MemberId = Id,
        Version = Version,
        UnitId = UnitId,
        Path = Path,
        DisplayName = DisplayName,
        Roles = Sql.FromJson<string[]>(Roles),
        IsProgram = IsProgram,
        IsSuspended = IsSuspended,
        TokensFrom = TokensFrom,
    };

    public static MemberRow Create(TimeProvider clock, UnitRow unit, string signInName, string displayName, IReadOnlyList<Role> roles, bool isProgram = false) => new()
    {
        Id = clock.NewId(),
        UnitId = unit.Id,
        Path = unit.Path,
        SignInName = signInName,
        DisplayName = displayName,
        IsProgram = isProgram,
        Roles = Sql.Json(roles.Select(r => r.ToString())),
        CreatedAt = clock.Now(),
    };

    public static MemberRow Create(
        TimeProvider clock, UnitRow unit, string signInName, string displayName, IReadOnlyList<Role> roles, string secret, PasswordHasher<MemberRow> hasher, bool isProgram = false)
    {
        var row = Create(clock, unit, signInName, displayName, roles, isProgram);
        return row with { SecretHash = hasher.HashPassword(row, secret) };
    }
}

/// <summary>A member or client program, without its secret.</summary>
/// <param name="Id">Unique in the deployment.</param>
/// <param name="Version">Rises by one with each change; the ETag.</param>
/// <param name="UnitId">Where it belongs.</param>
/// <param name="Path">Of that unit.</param>
/// <param name="SignInName">For <c>POST /organization/tokens</c>.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="IsProgram">True for a client program.</param>
/// <param name="Roles">What it may do at its unit and below.</param>
/// <param name="IsSuspended">True: it cannot sign in, and what it asks for is refused.</param>
/// <param name="InvitedUntil">Set while an invitation waits to be accepted: how long that works.</param>
/// <param name="OldSecretUntil">How long a program's secret before the latest holds; null if there is none.</param>
/// <param name="CreatedAt">When it was added.</param>
internal sealed record MemberView(
    Guid Id,
    long Version,
    Guid UnitId,
    string Path,
    string SignInName,
    string DisplayName,
    bool IsProgram,
    IReadOnlyList<Role> Roles,
    bool IsSuspended,
    DateTimeOffset? InvitedUntil,
    DateTimeOffset? OldSecretUntil,
    DateTimeOffset CreatedAt) : IVersioned;

internal static class MemberSql
{
    private const string Columns =
        "Seq, Id, Version, UnitId, Path, SignInName, DisplayName, IsProgram, SecretHash, OldSecretHash, OldSecretUntil, Generation, InvitedUntil, Roles, IsSuspended, TokensFrom, CreatedAt";

    internal const string Insert =
        "INSERT INTO Members (Id, Version, UnitId, Path, SignInName, DisplayName, IsProgram, SecretHash, Generation, InvitedUntil, Roles, IsSuspended, TokensFrom, CreatedAt) " +
        "VALUES (@Id, @Version, @UnitId, @Path, @SignInName, @DisplayName, @IsProgram, @SecretHash, @Generation, @InvitedUntil, @Roles, @IsSuspended, @TokensFrom, @CreatedAt)";

    /// <summary>The version decides the race; what does not change is written as it was.</summary>
    internal const string Update =
        "UPDATE Members SET Version = Version + 1, DisplayName = @DisplayName, SecretHash = @SecretHash, OldSecretHash = @OldSecretHash, OldSecretUntil = @OldSecretUntil, " +
        "Generation = @Generation, InvitedUntil = @InvitedUntil, Roles = @Roles, IsSuspended = @IsSuspended, TokensFrom = @TokensFrom WHERE Id = @Id AND Version = @Version";

    internal const string BySignInName = $"SELECT {Columns} FROM Members WHERE SignInName = @SignInName";
    internal const string ById = $"SELECT {Columns} FROM Members WHERE Id = @Id AND {Sql.InScope}";
    internal const string Anywhere = $"SELECT {Columns} FROM Members WHERE Id = @Id";
    internal const string Page = $"SELECT {Columns} FROM Members WHERE {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";
    internal const string PageOfAll = $"SELECT {Columns} FROM Members WHERE Seq > @After ORDER BY Seq {Sql.Page}";

    /// <summary>Whoever takes an administrator of a headquarters away waits for the one before.</summary>
    internal const string TakeTurn = "UPDATE Units SET Version = Version WHERE Path = @Path";

    internal const string OtherAdmins =
        "SELECT COUNT(*) FROM Members WHERE Path = @Path AND Id <> @Id AND IsProgram = 0 AND IsSuspended = 0 AND SecretHash <> '' AND Roles LIKE '%\"Admin\"%'";
}

internal static class MemberRejections
{
    internal static readonly RejectionKind NotFound = new("member.not_found", 404, "No such member.");
    internal static readonly RejectionKind NameTaken = new("member.name_taken", 409, "Somebody signs in under that name.");
    internal static readonly RejectionKind OwnRoles = new("member.own_roles", 409, "Nobody changes their own roles.");
    internal static readonly RejectionKind LastAdmin = new("member.last_admin", 409, "A headquarters keeps at least one administrator who can sign in.");
    internal static readonly RejectionKind IsProgram = new("member.is_program", 409, "A client program has a secret that is rotated, no password.");
    internal static readonly RejectionKind WrongPassword = new("member.wrong_password", 409, "That is not the password the member has now.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No member {id}.");
}

internal static class MemberFaults
{
    public const int ShortestPassword = 12;

    public static readonly IReadOnlyList<Role> StaffRoles = [Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer, Role.Analyst];
    public static readonly IReadOnlyList<Role> ProgramRoles = [Role.Storefront];

    public static Faults SignInName(this Faults faults, string? name, string pointer) => faults.Check(
        name is { Length: >= 3 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@'),
        pointer, "member.sign_in_name", "Must be 3 to 100 letters, digits, dots, hyphens, underscores or @.");

    public static Faults Password(this Faults faults, string? password, string pointer) => faults.Check(
        password is { Length: >= ShortestPassword and <= 200 }, pointer, "member.password", $"Must be {ShortestPassword} to 200 characters.");

    public static void SignIn(Faults faults, string? name, string? password, string at) =>
        faults.SignInName(name, $"{at}/signInName").Password(password, $"{at}/password");

    public static void Roles(Faults faults, IReadOnlyList<Role> roles, IReadOnlyList<Role> allowed)
    {
        faults.Size(roles, 1, allowed.Count, "/roles").Distinct(roles, "/roles");
        for (var i = 0; i < roles.Count; i++)
            faults.Check(allowed.Contains(roles[i]), $"/roles/{i}", "member.role_not_allowed", $"Must be one of {string.Join(", ", allowed)}.");
    }
}
