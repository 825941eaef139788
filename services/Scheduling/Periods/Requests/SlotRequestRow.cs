using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Proposals;

namespace LiveCommerce.Scheduling.Periods.Requests;

/// <summary>What has become of a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotRequestStatus>))]
internal enum SlotRequestStatus
{
    Open,
    Withdrawn,

    /// <summary>The period is published and the request a session.</summary>
    Planned,

    /// <summary>The period is published without it.</summary>
    NotPlaced,
}

/// <summary>A slot a unit asks for.</summary>
internal sealed record SlotRequestRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public Guid PeriodId { get; init; }

    public Guid UnitId { get; init; }

    /// <summary>The unit's.</summary>
    public string Path { get; init; } = "";

    public SessionTier Tier { get; init; }

    /// <summary>Among the unit's own; 1 first.</summary>
    public int Priority { get; init; }

    /// <summary>JSON of <see cref="SlotRequestTerms"/>.</summary>
    public string Terms { get; init; } = "{}";

    /// <summary>JSON array of <see cref="Preference"/>.</summary>
    public string Preferences { get; init; } = "[]";

    /// <summary>Open or Withdrawn; the rest follows from the proposal.</summary>
    public SlotRequestStatus Status { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public SlotRequestTerms Session => Sql.FromJson<SlotRequestTerms>(Terms);

    public IReadOnlyList<Preference> PreferenceList => Sql.FromJson<Preference[]>(Preferences);

    /// <param name="outcome">Once the period is published.</param>
    /// <param name="isPublished">Whether it is.</param>
    public SlotRequestView ToView(ProposalRow? outcome = null, bool isPublished = false) => new(
        Id, Version, PeriodId, UnitId, Path, Tier, Priority, Session, PreferenceList,
        !isPublished || Status == SlotRequestStatus.Withdrawn ? Status : outcome?.SessionId is null ? SlotRequestStatus.NotPlaced : SlotRequestStatus.Planned,
        outcome?.SessionId,
        outcome?.StartsAt,
        outcome?.EndsAt,
        outcome?.ReasonCode,
        outcome?.ReasonDetail,
        outcome?.Nearest);

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { Id, Version, PeriodId, UnitId, Path, Tier = Tier.ToString(), Priority, Terms, Preferences, Status = Status.ToString(), CreatedAt };
}

/// <summary>A slot a unit asks for.</summary>
/// <param name="Id">The request.</param>
/// <param name="Version">What an edit names in If-Match.</param>
/// <param name="PeriodId">The month.</param>
/// <param name="UnitId">Who asks; it will own the session.</param>
/// <param name="OwnerPath">That unit's path.</param>
/// <param name="Tier">The session's.</param>
/// <param name="Priority">Among the unit's own; 1 first.</param>
/// <param name="Session">The session it is for.</param>
/// <param name="Preferences">Best first.</param>
/// <param name="Status">Planned and NotPlaced once the period is published.</param>
/// <param name="SessionId">If planned.</param>
/// <param name="StartsAt">If planned.</param>
/// <param name="EndsAt">If planned.</param>
/// <param name="ReasonCode">If not placed: the rejection that was in the way.</param>
/// <param name="ReasonDetail">If not placed, for people.</param>
/// <param name="NearestFreeSlot">If not placed: nearest to the first preference, as the plan was made.</param>
internal sealed record SlotRequestView(
    Guid Id,
    long Version,
    Guid PeriodId,
    Guid UnitId,
    string OwnerPath,
    SessionTier Tier,
    int Priority,
    SlotRequestTerms Session,
    IReadOnlyList<Preference> Preferences,
    SlotRequestStatus Status,
    Guid? SessionId,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string? ReasonCode,
    string? ReasonDetail,
    FreeSlot? NearestFreeSlot) : IVersioned;

internal static class SlotRequestSql
{
    private const string Columns = "Seq, Id, Version, PeriodId, UnitId, Path, Tier, Priority, Terms, Preferences, Status, CreatedAt";

    internal const string InScopeById = $"SELECT {Columns} FROM SlotRequests WHERE Id = @Id AND PeriodId = @PeriodId AND {Sql.InScope}";

    internal const string Page = $"SELECT {Columns} FROM SlotRequests WHERE PeriodId = @PeriodId AND {Sql.InScope} AND Seq > @After ORDER BY Seq {Sql.Page}";

    internal const string OpenOfPeriod = $"SELECT {Columns} FROM SlotRequests WHERE PeriodId = @PeriodId AND Status = 'Open'";

    internal const string CountOpen = "SELECT COUNT(*) FROM SlotRequests WHERE PeriodId = @PeriodId AND Status = 'Open'";

    internal const string Insert =
        "INSERT INTO SlotRequests (Id, Version, PeriodId, UnitId, Path, Tier, Priority, Terms, Preferences, Status, CreatedAt) " +
        "VALUES (@Id, @Version, @PeriodId, @UnitId, @Path, @Tier, @Priority, @Terms, @Preferences, @Status, @CreatedAt)";

    internal const string Update =
        "UPDATE SlotRequests SET Version = Version + 1, Priority = @Priority, Terms = @Terms, Preferences = @Preferences, Status = @Status WHERE Id = @Id AND Version = @Version";
}

internal static class SlotRequestRejections
{
    internal static readonly RejectionKind NotFound = new("slot_request.not_found", 404, "No such request within the caller's reach.");
    internal static readonly RejectionKind Closed = new("slot_request.closed", 409, "The period takes no requests any more, and no changes of them.");
    internal static readonly RejectionKind TooMany = new("slot_request.too_many", 409, "The period has as many requests as a proposal is made from.");
    internal static readonly RejectionKind Withdrawn = new("slot_request.withdrawn", 409, "The request was withdrawn.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No request {id} in this period.");
}
