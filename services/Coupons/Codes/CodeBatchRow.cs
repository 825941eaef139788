using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Codes;

/// <summary>Codes that were printed together: their number, their prefix and the secret they are worked out from; none of them is stored.</summary>
internal sealed record CodeBatchRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>The quota its codes draw on.</summary>
    public long NodeSeq { get; init; }

    /// <summary>Of the unit it is printed for; its codes are good in the shops on that unit's chain.</summary>
    public string Path { get; init; } = "";

    public string Prefix { get; init; } = "";

    /// <summary>Hexadecimal.</summary>
    public string Secret { get; init; } = "";

    public string? Name { get; init; }

    public int Codes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Coupons claimed with its codes.</summary>
    public long Claimed { get; init; }

    public CodePress Press => new(Prefix, Convert.FromHexString(Secret));

    public CodeBatchView ToView() => new(Id, Version, CampaignId, Name, Prefix, Path, Codes, Claimed, CreatedAt, ClosedAt);
}

/// <summary>Codes printed together.</summary>
/// <param name="Id">Made here.</param>
/// <param name="Version">2 once closed.</param>
/// <param name="CampaignId">Whose coupons they are for.</param>
/// <param name="Name">For people.</param>
/// <param name="Prefix">What each of its codes begins with; unique in the tenant.</param>
/// <param name="UnitPath">The unit they are printed for.</param>
/// <param name="Count">Codes there are.</param>
/// <param name="Claimed">Codes that were used to claim a coupon.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ClosedAt">Since when its unused codes are worthless.</param>
internal sealed record CodeBatchView(
    Guid Id, long Version, Guid CampaignId, string? Name, string Prefix, string UnitPath, int Count, long Claimed, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt) : IVersioned;

internal static class CodeBatchSql
{
    private const string Rows =
        "SELECT b.Seq, b.Id, b.Version, b.CampaignId, b.NodeSeq, b.Path, b.Prefix, b.Secret, b.Name, b.Codes, b.CreatedAt, b.ClosedAt, q.Taken AS Claimed " +
        "FROM CodeBatches b JOIN QuotaNodes q ON q.Seq = b.NodeSeq";

    internal const string Insert =
        "INSERT INTO CodeBatches (Id, Version, CampaignId, NodeSeq, Path, HeadquartersPath, Prefix, Secret, Name, Codes, CreatedAt) " +
        "VALUES (@Id, 1, @CampaignId, @NodeSeq, @Path, @HeadquartersPath, @Prefix, @Secret, @Name, @Codes, @CreatedAt)";

    internal const string ById = $"{Rows} WHERE b.Id = @Id";
    internal const string ByPrefix = $"{Rows} WHERE b.HeadquartersPath = @HeadquartersPath AND b.Prefix = @Prefix";
    internal const string HasPrefix = "SELECT COUNT(*) FROM CodeBatches WHERE HeadquartersPath = @HeadquartersPath AND Prefix = @Prefix";

    internal const string Page =
        $"{Rows} WHERE b.CampaignId = @CampaignId AND b.Path >= @Scope AND b.Path < @ScopeEnd AND b.Seq > @After ORDER BY b.Seq {Sql.Page}";

    /// <summary>No rows: it was closed before.</summary>
    internal const string Close = "UPDATE CodeBatches SET Version = Version + 1, ClosedAt = @Now WHERE Id = @Id AND ClosedAt IS NULL";

    internal const string ClosedOf = $"SELECT NodeSeq FROM CodeBatches WHERE NodeSeq IN {Sql.Ids} AND ClosedAt IS NOT NULL";

    /// <summary>Which of several codes were claimed, and by which coupons.</summary>
    internal const string Claimed =
        "SELECT k.NodeSeq, k.CodeSerial AS Serial FROM Coupons k " +
        $"JOIN (SELECT CAST({Sql.Field}(value, '$.NodeSeq') AS BIGINT) AS OfNode, CAST({Sql.Field}(value, '$.Serial') AS BIGINT) AS OfSerial FROM {Sql.Rows}) AS c " +
        "ON k.NodeSeq = c.OfNode AND k.CodeSerial = c.OfSerial";
}

internal static class CodeRejections
{
    internal static readonly RejectionKind BatchNotFound = new("code_batch.not_found", 404, "No such batch of codes within the caller's reach.");
    internal static readonly RejectionKind PrefixTaken = new("code_batch.prefix_taken", 409, "Another batch of the tenant has this prefix.");
    internal static readonly RejectionKind CheckFailed = new("code.check_failed", 400, "The code was mistyped: it cannot be one.");
    internal static readonly RejectionKind NotFound = new("code.not_found", 404, "There is no such code.");
    internal static readonly RejectionKind AlreadyClaimed = new("code.already_claimed", 409, "The code was used.");
    internal static readonly RejectionKind Closed = new("code.closed", 410, "The code is no longer good.");

    internal static Rejection UnknownBatch(Guid id) => BatchNotFound.Because($"No batch of codes {id}.");
}
