using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>A campaign with the session it hangs on, as stored.</summary>
internal sealed record CampaignRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public string Name { get; init; } = "";

    public CampaignStatus Status { get; init; }

    public Guid OwnerUnitId { get; init; }

    public string Path { get; init; } = "";

    public Guid? SessionId { get; init; }

    public string Currency { get; init; } = "";

    public string Benefit { get; init; } = "";

    public string ClaimWindow { get; init; } = "";

    public string RedemptionWindow { get; init; } = "";

    public int LockMinutes { get; init; }

    public int PerCustomerLimit { get; init; }

    public long Stock { get; init; }

    public long Claimed { get; init; }

    public long? SessionVersion { get; init; }

    public SessionStatus? SessionStatus { get; init; }

    public string? SessionOwnerPath { get; init; }

    public string? Phases { get; init; }

    public Campaign Parse() => new()
    {
        Seq = Seq,
        Id = Id,
        Version = Version,
        ChangedAt = ChangedAt,
        Name = Name,
        Status = Status,
        OwnerUnitId = OwnerUnitId,
        Path = Path,
        SessionId = SessionId,
        Session = SessionVersion is { } version
            ? new BoundSession(version, SessionStatus!.Value, SessionOwnerPath!, Sql.FromJson<SessionPhases>(Phases!))
            : null,
        Currency = Currency,
        Benefit = Sql.FromJson<Benefit>(Benefit),
        ClaimWindow = Sql.FromJson<WindowRule>(ClaimWindow),
        RedemptionWindow = Sql.FromJson<WindowRule>(RedemptionWindow),
        LockMinutes = LockMinutes,
        PerCustomerLimit = PerCustomerLimit,
        Stock = Stock,
    };

    public CampaignView ToView(DateTimeOffset now) => Parse().ToView(Claimed, now);
}

/// <summary>A campaign's rules in one version, and its session in one version. Never changes; what is claimed is not part of it.</summary>
internal sealed record Campaign
{
    public long Seq { get; init; }

    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string Name { get; init; }

    public required CampaignStatus Status { get; init; }

    public required Guid OwnerUnitId { get; init; }

    /// <summary>Of the unit that owns it.</summary>
    public required string Path { get; init; }

    public Guid? SessionId { get; init; }

    public BoundSession? Session { get; init; }

    public required string Currency { get; init; }

    public required Benefit Benefit { get; init; }

    public required WindowRule ClaimWindow { get; init; }

    public required WindowRule RedemptionWindow { get; init; }

    public required int LockMinutes { get; init; }

    public required int PerCustomerLimit { get; init; }

    public required long Stock { get; init; }

    public ResolvedWindow ClaimWindowAt(DateTimeOffset now) => ClaimWindow.Resolve(Session, now);

    public ResolvedWindow RedemptionWindowAt(DateTimeOffset now) => RedemptionWindow.Resolve(Session, now);

    /// <summary>A refusal if a window that hangs on the session would close before it opens.</summary>
    public Rejection? CheckWindows(DateTimeOffset now)
    {
        var faults = new Faults();
        var (claim, redemption) = (ClaimWindowAt(now).Window, RedemptionWindowAt(now).Window);
        faults.Order(claim.OpensAt, claim.ClosesAt, "/claimWindow").Order(redemption.OpensAt, redemption.ClosesAt, "/redemptionWindow");
        return faults.Count == 0 ? null : faults.ToRejection();
    }

    public CampaignView ToView(long claimed, DateTimeOffset now) => new(
        Id, Version, Name, Status, OwnerUnitId, Path, SessionId, Benefit, Currency, Stock, claimed, Stock - claimed, PerCustomerLimit,
        WindowView.Of(ClaimWindow, ClaimWindowAt(now)), WindowView.Of(RedemptionWindow, RedemptionWindowAt(now)), LockMinutes);

    public CampaignChanged ToEvent() => new()
    {
        CampaignId = Id,
        Version = Version,
        Name = Name,
        Status = Status,
        OwnerUnitId = OwnerUnitId,
        OwnerPath = Path,
        SessionId = SessionId,
        Stock = Stock,
    };

    public object ToParameters() => new
    {
        Id,
        Version,
        ChangedAt,
        Name,
        Status = Status.ToString(),
        OwnerUnitId,
        Path,
        SessionId,
        Currency,
        Benefit = Sql.Json(Benefit),
        ClaimWindow = Sql.Json(ClaimWindow),
        RedemptionWindow = Sql.Json(RedemptionWindow),
        LockMinutes,
        PerCustomerLimit,
        Stock,
    };
}

/// <summary>A campaign and how it stands.</summary>
internal sealed record CampaignView(
    Guid Id,
    long Version,
    string Name,
    CampaignStatus Status,
    Guid OwnerUnitId,
    string OwnerPath,
    Guid? SessionId,
    Benefit Benefit,
    string Currency,
    long Stock,
    long Claimed,
    long Remaining,
    int PerCustomerLimit,
    WindowView ClaimWindow,
    WindowView RedemptionWindow,
    int LockMinutes) : IVersioned;

/// <summary>A window's rule, and what it comes to as its session now stands.</summary>
/// <param name="Opens">As entered.</param>
/// <param name="Closes">As entered.</param>
/// <param name="OpensAt">Inclusive.</param>
/// <param name="ClosesAt">Exclusive. Of a session on the air past its plan: not before this.</param>
/// <param name="State">Over too if the session was cancelled.</param>
internal sealed record WindowView(WindowBoundary Opens, WindowBoundary Closes, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, WindowState State)
{
    public static WindowView Of(WindowRule rule, ResolvedWindow resolved) =>
        new(rule.Opens, rule.Closes, resolved.Window.OpensAt, resolved.Window.ClosesAt, resolved.State);
}

internal static class CampaignSql
{
    private const string Rows =
        "SELECT c.Seq, c.Id, c.Version, c.ChangedAt, c.Name, c.Status, c.OwnerUnitId, c.Path, c.SessionId, c.Currency, c.Benefit, c.ClaimWindow, " +
        "c.RedemptionWindow, c.LockMinutes, c.PerCustomerLimit, c.Stock, c.Claimed, s.Version AS SessionVersion, s.Status AS SessionStatus, " +
        "s.OwnerPath AS SessionOwnerPath, s.Phases FROM Campaigns c LEFT JOIN Sessions s ON s.Id = c.SessionId";

    private const string Visible = $"({Sql.InScope} OR Path IN {Sql.Ids})";

    internal const string Insert =
        "INSERT INTO Campaigns (Id, Version, ChangedAt, Name, Status, OwnerUnitId, Path, SessionId, Currency, Benefit, ClaimWindow, RedemptionWindow, " +
        "LockMinutes, PerCustomerLimit, Stock, Claimed) " +
        "VALUES (@Id, @Version, @ChangedAt, @Name, @Status, @OwnerUnitId, @Path, @SessionId, @Currency, @Benefit, @ClaimWindow, @RedemptionWindow, " +
        "@LockMinutes, @PerCustomerLimit, @Stock, 0)";

    internal const string ById = $"{Rows} WHERE c.Id = @Id";
    internal const string Several = $"{Rows} WHERE c.Id IN {Sql.Ids}";

    /// <summary>In the caller's scope, or published down to it by a unit above: <c>@Ids</c> names those.</summary>
    internal const string Page = $"{Rows} WHERE {Visible} AND c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    internal const string PageOfSession = $"{Rows} WHERE c.SessionId = @SessionId AND {Visible} AND c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    internal const string All = $"{Rows} WHERE c.Seq > @After ORDER BY c.Seq {Sql.Page}";

    /// <summary>The claimed count is no part of it: a campaign being claimed from is no longer a draft.</summary>
    internal const string Edit =
        "UPDATE Campaigns SET Version = @Version, ChangedAt = @ChangedAt, Name = @Name, SessionId = @SessionId, Benefit = @Benefit, ClaimWindow = @ClaimWindow, " +
        "RedemptionWindow = @RedemptionWindow, LockMinutes = @LockMinutes, PerCustomerLimit = @PerCustomerLimit, Stock = @Stock " +
        "WHERE Id = @Id AND Version = @Version - 1 AND Status = 'Draft'";

    internal const string Move =
        "UPDATE Campaigns SET Version = @Version, ChangedAt = @ChangedAt, Status = @Status WHERE Id = @Id AND Version = @Version - 1";
}

internal static class CampaignRejections
{
    internal static readonly RejectionKind NotFound = new("campaign.not_found", 404, "No such campaign within the caller's reach.");
    internal static readonly RejectionKind UnitNotFound = new("unit.not_found", 404, "No such unit within the caller's reach.");
    internal static readonly RejectionKind SessionUnknown = new("campaign.session_unknown", 409, "The session is not known here, or not on the owner's chain; if it is new, try again shortly.");
    internal static readonly RejectionKind NotEditable = new("campaign.not_editable", 409, "Only a draft can be edited.");
    internal static readonly RejectionKind IllegalTransition = new("campaign.illegal_transition", 409, "The campaign's status does not allow this.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No campaign {id}.");
}
