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

    public Guid UnitId { get; init; }

    public string Path { get; init; } = "";

    public string SignInName { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public bool IsProgram { get; init; }

    public string SecretHash { get; init; } = "";

    /// <summary>JSON array of role names.</summary>
    public string Roles { get; init; } = "[]";

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<Role> RoleList => Sql.FromJson<Role[]>(Roles);

    public MemberView ToView() => new(Id, UnitId, Path, SignInName, DisplayName, IsProgram, RoleList, CreatedAt);

    public static MemberRow Create(
        TimeProvider clock, UnitRow unit, string signInName, string displayName, IReadOnlyList<Role> roles, string secret, PasswordHasher<MemberRow> hasher, bool isProgram = false)
    {
        var row = new MemberRow
        {
            Id = clock.NewId(),
            UnitId = unit.Id,
            Path = unit.Path,
            SignInName = signInName,
            DisplayName = displayName,
            IsProgram = isProgram,
            Roles = Sql.Json(roles),
            CreatedAt = clock.Now(),
        };
        return row with { SecretHash = hasher.HashPassword(row, secret) };
    }
}

/// <summary>A member or client program, without its secret.</summary>
internal sealed record MemberView(
    Guid Id,
    Guid UnitId,
    string Path,
    string SignInName,
    string DisplayName,
    bool IsProgram,
    IReadOnlyList<Role> Roles,
    DateTimeOffset CreatedAt);

internal static class MemberSql
{
    private const string Columns = "Seq, Id, UnitId, Path, SignInName, DisplayName, IsProgram, SecretHash, Roles, CreatedAt";

    internal const string Insert =
        "INSERT INTO Members (Id, UnitId, Path, SignInName, DisplayName, IsProgram, SecretHash, Roles, CreatedAt) " +
        "VALUES (@Id, @UnitId, @Path, @SignInName, @DisplayName, @IsProgram, @SecretHash, @Roles, @CreatedAt)";

    internal const string BySignInName = $"SELECT {Columns} FROM Members WHERE SignInName = @SignInName";
    internal const string ById = $"SELECT {Columns} FROM Members WHERE Id = @Id AND {Sql.InScope}";
    internal const string Page = $"SELECT {Columns} FROM Members WHERE {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";
}

internal static class MemberRejections
{
    internal static readonly RejectionKind NotFound = new("member.not_found", 404, "No such member.");
    internal static readonly RejectionKind NameTaken = new("member.name_taken", 409, "Somebody signs in under that name.");
}

internal static class MemberFaults
{
    public const int ShortestPassword = 12;

    public static readonly IReadOnlyList<Role> StaffRoles = [Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer, Role.Analyst];
    public static readonly IReadOnlyList<Role> ProgramRoles = [Role.Storefront];

    public static void SignIn(Faults faults, string? name, string? password, string at) => faults
        .Check(name is { Length: >= 3 and <= 100 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@'),
            $"{at}/signInName", "member.sign_in_name", "Must be 3 to 100 letters, digits, dots, hyphens, underscores or @.")
        .Check(password is { Length: >= ShortestPassword and <= 200 }, $"{at}/password", "member.password", $"Must be {ShortestPassword} to 200 characters.");

    public static void Roles(Faults faults, IReadOnlyList<Role> roles, IReadOnlyList<Role> allowed)
    {
        faults.Size(roles, 1, allowed.Count, "/roles").Distinct(roles, "/roles");
        for (var i = 0; i < roles.Count; i++)
            faults.Check(allowed.Contains(roles[i]), $"/roles/{i}", "member.role_not_allowed", $"Must be one of {string.Join(", ", allowed)}.");
    }
}
